import type { Plain } from '../format'

const s = (n: number, one: string, many: string) => (n < 2 ? one : many)

/** How long a launch takes, whom it does not reach, and what follows an alert. */
export const foresight = {
  leaves: (d: string) => `tout est parti en ${d}`,
  leavesBetween: (least: string, most: string) => `tout est parti en ${least} à ${most}`,
  calls: (least: string, most: string, lines: Plain) => `appels : ${least} à ${most}, sur ${lines} lignes`,
  rate: (n: Plain) => `${n} par seconde au plus`,
  upTo: (n: Plain) => `${n} au plus`,
  begins: (d: string) => `commence ${d} après le lancement au plus tard`,
  until: (d: string) => `réponses attendues jusqu’à ${d} après le lancement au plus tard`,
  over: (d: string) => `terminé ${d} après le lancement au plus tard`,
  unknown: 'Durée inconnue :',
  alone: 'Estimé d’après les comptes d’opérateur de cet instant, comme si rien d’autre ne partait ; les nouveaux essais s’y ajoutent.',
  overUnknown: 'Durée totale inconnue.',
}

export const unreachable = {
  title: (n: Plain, count: number) => `${n} ${s(count, 'personne ne sera jointe', 'personnes ne seront jointes')} par aucun moyen`,
  kind: { mobile: 'un mobile', landline: 'un téléphone fixe', email: 'une adresse électronique', fax: 'un fax' } as Record<string, string>,
  otherwise: (n: Plain, kind: string) => `${n} ont ${kind} : une étape par ce moyen les joindrait.`,
  nowhere: (n: Plain) => `${n} n’ont aucun moyen : complétez leur fiche.`,
  who: 'Voir qui',
  more: (n: Plain) => `et ${n} autres`,
  all: (n: Plain) => `Les voir toutes : ${n}`,
  list: 'Personnes qu’aucun moyen ne joint',
  name: 'Nom',
  reading: 'Lecture…',
}

export const audience = {
  title: 'Qui est alerté',
  own: 'Les listes du scénario',
  changed: 'Listes choisies pour ce lancement, au lieu de celles du scénario',
  none: 'Aucune liste choisie : cochez-en au moins une.',
  change: 'Changer les listes',
  keep: 'Revenir aux listes du scénario',
  done: 'C’est bon',
  hint: 'Pour ce lancement seulement. Le scénario ne change pas, le journal garde les deux.',
  gone: (slug: string) => `${slug} (liste supprimée)`,
}

export const followUp = {
  correction: 'Corriger',
  'all-clear': 'Annoncer la fin d’alerte',
  title: { correction: 'Correction', 'all-clear': 'Fin d’alerte' },
  lead: {
    correction: 'Un nouveau message aux personnes de cette alerte, qui commence par CORRECTION. Il ne pose pas de question.',
    'all-clear': 'Un nouveau message aux personnes de cette alerte, qui commence par FIN D’ALERTE. Il ne pose pas de question.',
  },
  back: 'Revenir à l’alerte',
  ends: 'L’alerte en cours s’arrête au lancement de ce message',
  endsHint: 'Plus personne ne la reçoit ensuite. Les réponses déjà en route comptent encore.',
  whom: 'À qui ?',
  reached: 'À ceux qu’elle a pu toucher',
  reachedHint: 'Ont répondu, ont reçu, ou l’ont peut-être reçue.',
  everybody: 'À toutes ses personnes',
  everybodyHint: 'Même celles que rien n’a touchées.',
  texts: 'Le texte',
  textsHint: 'Le même pour tous les moyens ; la mention du début s’ajoute toute seule. Un texte par langue de ces personnes.',
  languages: 'Langue du texte',
  reads: (n: Plain, count: number) => `${n} ${s(count, 'personne', 'personnes')}`,
  mend: 'à corriger',
  without: (n: Plain, count: number, told: string) => `Sans texte dans cette langue, ${n} ${s(count, 'personne reçoit', 'personnes reçoivent')} celui en ${told}.`,
  lacking: (languages: string) => `Langues sans texte : ${languages}`,
  lackingLine: (n: Plain, count: number, language: string, told: string) => `${language} : ${n} ${s(count, 'personne reçoit', 'personnes reçoivent')} le texte en ${told}.`,
  go: { correction: 'Lancer la correction', 'all-clear': 'Lancer la fin d’alerte' },
  hold: { correction: 'Maintenir pour lancer la CORRECTION', 'all-clear': 'Maintenir pour lancer la FIN D’ALERTE' },
  confirm: { correction: 'Oui, lancer la correction', 'all-clear': 'Oui, lancer la fin d’alerte' },
  sure: { correction: 'Lancer la correction ?', 'all-clear': 'Lancer la fin d’alerte ?' },
  drill: 'Exercice : la mention EXERCICE vient en premier.',
  of: { CORRECTION: 'Correction de l’alerte', ALL_CLEAR: 'Fin de l’alerte' } as Record<string, string>,
  by: { CORRECTION: 'Correction envoyée', ALL_CLEAR: 'Fin d’alerte envoyée' } as Record<string, string>,
  when: (when: string, people: Plain) => `${when}, ${people} personnes`,
  related: 'Messages liés',
}

/** What an alert is beside others, and what came when it was over. */
export const kin = {
  filter: 'Montrer',
  kinds: { all: 'Tout', alert: 'Alertes', drill: 'Exercices', 'follow-up': 'Corrections et fins d’alerte', trial: 'Essais' } as Record<string, string>,
  tag: { TRIAL: 'Essai', CORRECTION: 'Correction', ALL_CLEAR: 'Fin d’alerte' } as Record<string, string>,
  trial: 'essai sur une seule personne, par elle-même',
  follows: (title: string, day: string) => `Fait suite à « ${title} », ${day}`,
  followed: { CORRECTION: 'suivie d’une correction', ALL_CLEAR: 'suivie d’une fin d’alerte' } as Record<string, string>,
  noneOfKind: 'Rien de cette sorte.',
  more: 'En montrer plus',
  late: (n: Plain, count: number) => `${n} ${s(count, 'réponse arrivée', 'réponses arrivées')} après la fin, ${s(count, 'comptée', 'comptées')} ici`,
  despite: (n: Plain, count: number) =>
    `${n} ${s(count, 'réponse par SMS est arrivée', 'réponses par SMS sont arrivées')} après une correction ou une fin d’alerte partie du même numéro. Celle-ci ne demande rien : ${s(count, 'elle est comptée', 'elles sont comptées')} pour cette alerte.`,
  passedOn: (n: Plain, count: number) =>
    `${n} ${s(count, 'réponse à ce numéro dit', 'réponses à ce numéro disent')} un choix de l’alerte d’origine : ${s(count, 'elle est comptée', 'elles sont comptées')} là-bas, pas ici.`,
  messages: (messages: Plain, parts: Plain) => `${messages} (${parts} segments)`,
  billed: (parts: Plain) => `(${parts} segments facturés)`,
}
