import type { Plain } from '../format'

/** The platform's own screens. */
export const platform = {
  title: 'Plateforme',
  mayNot: 'Ces écrans sont réservés aux exploitants de la plateforme.',
  section: { nodes: 'Nœuds', accounts: 'Comptes d’opérateurs', agencies: 'Agences', runbooks: 'Procédures', journal: 'Journal' },
  alive: 'vivant',
  silent: 'silencieux',
  answering: 'répond à cet écran',
  started: (when: string, n: Plain) => `démarré le ${when} (démarrage n° ${n})`,
  heard: (when: string) => `entendu ${when}`,
  accountsLead: 'Tous les comptes actifs, vus du nœud qui répond ; ceux qui vont mal d’abord.',
  noAccount: 'Aucun compte actif.',
  inFlight: (n: Plain) => `${n} en vol`,
  accepted: (n: Plain) => `${n} acceptés sur ce nœud`,
  median: (ms: Plain) => `la moitié en moins de ${ms} ms`,
  desk: (agency: string) => `Bureau de ${agency}`,
  share: (n: Plain) => `Poids face aux autres agences : ${n}`,
  tenant: 'Organisation',
  tenantsOf: (agency: string) => `Organisations de ${agency}`,
  recipients: 'Au plus par alerte',
  running: 'En cours',
  alerts: 'Alertes et exercices du mois',
  messages: 'Acceptés du mois',
  weight: 'Poids',
  journalLead: 'Exploitants, agences, clés et comptes partagés, connexions d’inconnus. Le plus récent d’abord.',
}
