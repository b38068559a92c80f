import { expect, test } from 'vitest'
import { inFrench } from './french'

test.each([
  ["'12' is too short", '« 12 » est trop court'],
  ["'it's' is in row 7 already, which was taken: each person needs a key of their own", '« it\'s » est déjà à la ligne 7, qui a été prise : chaque personne a sa propre référence'],
  ["'A1' is in row 7 already, which was taken: each person needs a key of their own", '« A1 » est déjà à la ligne 7, qui a été prise : chaque personne a sa propre référence'],
  ['has 9 cells under 7 titles: a separator inside a value needs quotes around the value', 'a 9 cases sous 7 titres : un séparateur dans une valeur demande des guillemets autour d’elle'],
  ['agency "loire" exists already; choose another', 'l’agence « loire » existe déjà : choisissez un autre nom court'],
  ['"ada" is taken; choose another', '« ada » est déjà pris : choisissez-en un autre'],
  [
    'names a secret that is not known to be yours: name one that begins with "combe-", or have an operator save the account',
    'ce secret n’est pas connu comme le vôtre : nommez-en un qui commence par "combe-", ou faites enregistrer le compte par un exploitant',
  ],
  ['something nobody foresaw', undefined],
])('"%s" is said in French as far as it is known', (problem, french) => expect(inFrench(problem)).toBe(french))
