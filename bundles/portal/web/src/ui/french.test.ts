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
  ['has 1025 characters; 1024 at most', 'a 1025 caractères ; 1024 au plus'],
  ['was typed for the settings as they are now, and these change: type it again, or forget it', 'ce secret a été saisi pour les réglages actuels, et ceux-ci changent : saisissez-le à nouveau, ou faites-le oublier'],
  [
    'cannot be sealed on this node: key "20261123t050000z-3fa9c1" is not on this node: copy the file /srv/etc/sealing-keys/20261123t050000z-3fa9c1 from a node that has it (mode 0600, the node\'s own)',
    'ne peut pas être scellé sur ce nœud, auquel manque la clé « 20261123t050000z-3fa9c1 » : l’exploitant doit y copier le fichier /srv/etc/sealing-keys/20261123t050000z-3fa9c1 depuis un nœud qui l’a',
  ],
  ['something nobody foresaw', undefined],
])('"%s" is said in French as far as it is known', (problem, french) => expect(inFrench(problem)).toBe(french))
