import { OF_LAUNCHES } from './frenchOfLaunches'
import { OF_REGISTRY } from './frenchOfRegistry'

/** What the API says of names, numbers and addresses, in French. It says it in English; what is not known here stays as it said it. */
const FRENCH: readonly [RegExp, string][] = [
  [/^is too short$/, 'est trop court'],
  [/^is too long$/, 'est trop long'],
  [/^is not a number$/, 'n’est pas un numéro'],
  [/^has no known country code$/, 'a un indicatif de pays inconnu'],
  [/^has a wrong number of digits$/, 'n’a pas le bon nombre de chiffres'],
  [/^lacks its area code$/, 'n’a pas son indicatif'],
  [/^is not a number in service in (\w+)$/, 'n’est pas un numéro attribué ($1)'],
  [/^holds letters: write the number alone.*$/, 'contient des lettres : écrivez le numéro seul, sans poste ni remarque'],
  [/^has an extension, which.*$/, 'a un numéro de poste, qui ne peut pas être composé automatiquement'],
  [/^is a special number \(.*$/, 'est un numéro spécial, pas la ligne d’une personne'],
  [/^is no line of a person \(.*$/, 'n’est pas la ligne d’une personne'],
  [/^has no @$/, 'n’a pas d’arobase (@)'],
  [/^has nothing before the @$/, 'n’a rien avant l’arobase'],
  [/^has more than (\d+) characters before the @$/, 'a plus de $1 caractères avant l’arobase'],
  [/^has an accented letter before the @.*$/, 'a une lettre accentuée avant l’arobase, que la plupart des messageries refusent'],
  [/^has a character or a dot before the @.*$/, 'a, avant l’arobase, un caractère ou un point qui ne peut pas y être'],
  [/^is longer than (\d+) characters$/, 'a plus de $1 caractères'],
  [/^has no whole domain after the @.*$/, 'n’a pas de domaine complet après l’arobase, par exemple commune.example'],
  [/^has a domain after the @ that cannot exist$/, 'a, après l’arobase, un domaine qui ne peut pas exister'],
  [/^gives no telephone number and no e-mail address$/, 'ne donne ni numéro de téléphone ni courriel'],
  [/^has (\d+) cells under (\d+) titles.*$/, 'a $1 cases sous $2 titres : un séparateur dans une valeur demande des guillemets autour d’elle'],
  [/^holds a letter that cannot be read.*$/, 'contient une lettre illisible dans cet encodage : enregistrez le fichier en UTF-8'],
  [/^(?:a tag )?has (\d+) characters; at most (\d+) are taken$/, 'a $1 caractères ; $2 au plus sont pris'],
  [/^gives more than (\d+) tags$/, 'donne plus de $1 étiquettes'],
  [/^is no language known here.*$/, 'n’est pas une langue connue : écrivez son code, par exemple fr'],
  [/^the same person as row (\d+), which was taken.*$/, 'la même personne qu’à la ligne $1, déjà prise : supprimez l’une des deux'],
  [/^is in row (\d+) already, which was taken.*$/, 'est déjà à la ligne $1, qui a été prise : chaque personne a sa propre référence'],
  [/^is also in row (\d+); both were taken.*$/, 'est aussi à la ligne $1 ; les deux sont prises, ce moyen reçoit donc deux fois'],
  [/^belongs to another contact.*$/, 'est la référence d’un autre contact : chaque personne a la sienne'],
  [/^is there twice$/, 'y est deux fois'],
  [/^is no latitude: write decimal degrees.*$/, 'n’est pas une latitude : écrivez des degrés décimaux (WGS 84) entre -90 et 90, par exemple 48,856614'],
  [/^is no longitude: write decimal degrees.*$/, 'n’est pas une longitude : écrivez des degrés décimaux (WGS 84) entre -180 et 180, par exemple 2,352222'],
  [/^is empty, and the longitude is not.*$/, 'est vide alors que la longitude ne l’est pas : donnez les deux, ou aucune'],
  [/^is empty, and the latitude is not.*$/, 'est vide alors que la latitude ne l’est pas : donnez les deux, ou aucune'],
  [/^0, 0 is in the Gulf of Guinea.*$/, '0, 0 est dans le golfe de Guinée, ce qu’un outil écrit pour une adresse non trouvée : laissez les deux vides'],
  [/^is missing$/, 'est à remplir'],
  [/^holds several: give one endpoint for each$/, 'en contient plusieurs : une ligne pour chacun'],
]

/** @returns the problem in French and what it is about, or undefined if it is not known */
export function inFrench(problem: string): string | undefined {
  // What it is about may hold quotes itself: the last that leads to words that are known ends it.
  const ends = problem.startsWith("'") ? [...problem.matchAll(/' /g)].map(({ index }) => index) : []
  for (const end of ends.reverse()) {
    const known = knownFrench(problem.slice(end + 2))
    if (known) return `« ${problem.slice(1, end)} » ${known}`
  }
  return knownFrench(problem)
}

function knownFrench(words: string): string | undefined {
  const found = [...FRENCH, ...OF_LAUNCHES, ...OF_REGISTRY].find(([pattern]) => pattern.test(words))
  return found && words.replace(...found)
}
