/** What the API says of agencies, people who sign in and caps, in French: each of its sentences, told by how it begins and ends. */
export const OF_REGISTRY: readonly [RegExp, string][] = [
  [/^agency "(.*)" exists already; .*$/, 'l’agence « $1 » existe déjà : choisissez un autre nom court'],
  [/^tenant "(.*)" exists already; .*$/, 'l’organisation « $1 » existe déjà : choisissez un autre nom court'],
  [/^"(.*)" is the name of a tenant; .*$/, '« $1 » est le nom court d’une organisation : choisissez-en un autre'],
  [/^"(.*)" is the name of an agency; .*$/, '« $1 » est le nom court d’une agence : choisissez-en un autre'],
  [/^"(.*)" is taken; .*$/, '« $1 » est déjà pris : choisissez-en un autre'],
  [/^"(.*)" is not a short name; .*$/, '« $1 » n’est pas un nom court : 1 à 64 lettres minuscules sans accent, chiffres ou tirets'],
  [/^"(.*)" is not a login; .*$/, '« $1 » n’est pas un identifiant : 2 à 100 lettres minuscules sans accent, chiffres ou . _ @ + -'],
  [/^would leave nobody who operates this platform; .*$/, 'il ne resterait personne pour tenir la plateforme : créez ou rétablissez d’abord quelqu’un d’autre'],
  [/^names a secret that is not known to be yours: name one that begins with (.*), or have an operator save the account$/, 'ce secret n’est pas connu comme le vôtre : nommez-en un qui commence par $1, ou faites enregistrer le compte par un exploitant'],
  [/^is empty; write a name$/, 'est vide : écrivez un nom'],
  [/^has (\d+) characters; (\d+) are enough$/, 'a $1 caractères ; $2 suffisent'],
  [/^holds control characters or line breaks; .*$/, 'contient des caractères invisibles ou des retours à la ligne : écrivez sur une ligne'],
  [/^is (-?\d+); write 1 to (\d+), 1 if nobody's share .*$/, 'vaut $1 : écrivez un nombre de 1 à $2'],
  [/^is missing or empty; write how the numbers begin, .*$/, 'est à remplir : écrivez comment les numéros commencent, par exemple +33 3 53 01'],
]
