/** What the server says of scenarios and launches, in French. It says it in English; what is not known here stays as it said it. */
const FRENCH: readonly [RegExp, string][] = [
  [/^is missing$/, 'manque'],
  [/^is empty; write what people will read or hear$/, 'est vide : écrivez ce que les personnes liront ou entendront'],
  [/^must be 1 to 200 characters$/, 'doit avoir 1 à 200 caractères'],
  [/^has (\d+) characters; (\d+) at most$/, 'a $1 caractères ; $2 au plus'],
  [/^is longer than (\d+) characters$/, 'a plus de $1 caractères'],
  [/^must be one line$/, 'doit tenir sur une ligne'],
  [/^names nobody; .*$/, 'ne désigne personne : choisissez au moins une liste, ici ou au lancement'],
  [/^nobody is in \[(.*)\]; .*$/, 'personne n’est dans $1 : complétez ces listes, ou choisissez-en d’autres'],
  [/^there is no list ["'](.*?)["'].*$/, 'il n’y a pas de liste « $1 »'],
  [/^none of the (\d+) people can be reached by \[(.*)\]; .*$/, 'aucune des $1 personnes ne peut être jointe par $2'],
  [/^(\d+) people are more than the quota of (\d+) .*$/, '$1 personnes dépassent le quota de $2 par alerte : alertez moins de monde, ou demandez davantage à l’agence'],
  [/^(\d+) alerts are running, the quota is (\d+); .*$/, '$1 alertes sont en cours, le quota est de $2 : terminez-en une, ou demandez davantage à l’agence'],
  [/^is missing for (\d+) contacts?: (.*); complete the contacts.*$/, 'manque pour $1 personne(s) : $2. Complétez leur fiche, ou donnez la valeur dans le plan ou au lancement'],
  [/^is missing; a mail needs a subject$/, 'manque : un courriel a besoin d’un objet'],
  [/^is missing; .* is used, and people .*$/, 'manque : ce moyen est employé, et les personnes dont la langue n’est pas écrite reçoivent cette langue-ci'],
  [/^waits for answers but nothing is asked; .*$/, 'attend des réponses alors que rien n’est demandé : ajoutez des réponses, ou attendez la remise'],
  [/^nobody could answer: .*$/, 'personne ne pourrait répondre : aucun moyen ne prend de réponse et aucun texte ne contient {{answer_url}}'],
  [/^asks a question that cannot be answered: .*$/, 'pose une question sans réponse possible : personne ne peut répondre à cet expéditeur ; ajoutez {{answer_url}}'],
  [/^has \{\{answer_url\}\} but nothing is asked; .*$/, 'contient {{answer_url}} alors que rien n’est demandé : ajoutez des réponses, ou retirez le lien'],
  [/^has \{\{answer_url\}\}, which nobody can follow on a telephone; .*$/, 'contient {{answer_url}}, que personne ne peut suivre au téléphone : retirez-le'],
  [/^must be 1 to 9 choices.*$/, 'demande 1 à 9 réponses'],
  [/^the key people answer with must be .*$/, 'la touche doit avoir 1 à 10 lettres ou chiffres'],
  [/^must say in 1 to 100 characters what the answer means$/, 'doit dire en 1 à 100 caractères ce que veut dire la réponse'],
  [/^means the same as choice (.*)$/, 'veut dire la même chose que la réponse $1'],
  [/^is no key of a telephone: .*$/, 'n’est pas une touche de téléphone : quand on appelle, les réponses sont des chiffres de 0 à 9'],
  [/^has a variable that cannot be read near "(.*)"; .*$/, 'contient une valeur illisible près de « $1 » : écrivez {{nom}}, avec lettres, chiffres, _ . - seulement'],
  [/^there is no recording "(.*?)"; .*$/, 'il n’y a pas de son « $1 » : enregistrez-le, ou choisissez-en un autre'],
  [/^there is no document "(.*?)"; .*$/, 'il n’y a pas de document « $1 » : apportez-le, ou choisissez-en un autre'],
  [/^names (\d+) documents; .*$/, 'nomme $1 documents : une télécopie en imprime un, faites-en un seul PDF'],
  [/^no channel "(.*?)" is known on this node; .*$/, 'aucun moyen « $1 » n’est installé'],
  [/^is a PIN: 3 to 10 digits$/, 'est un code : 3 à 10 chiffres'],
]

/** @return undefined where it is not known here */
export function inFrench(problem: string): string | undefined {
  const found = FRENCH.find(([pattern]) => pattern.test(problem))
  return found && problem.replace(found[0], found[1]).replaceAll('« ', '«\u00a0').replaceAll(' »', '\u00a0»')
}

/** In the reader's language as far as it is known; English is marked so. */
export function said(problem: string, locale: string): { text: string; lang?: 'en' } {
  const french = locale.startsWith('fr') ? inFrench(problem) : undefined
  return french !== undefined ? { text: french } : { text: problem, lang: 'en' }
}
