import type { Plain } from '../format'

/** The last drill of each runbook, for those who run the platform. */
export const runbooks = {
  lead: 'Ce qui est écrit pour les mauvais jours, et quand on l’a essayé. Un essai s’enregistre à la console (tocsin:drill) ou par l’API.',
  name: {
    'planned-switch': 'Bascule programmée d’un site à l’autre',
    'site-lost': 'Perte d’un site',
    'link-cut': 'Coupure du lien entre les sites',
    'site-cut-off': 'Site coupé de tout',
    return: 'Retour d’un site',
    'rolling-upgrade': 'Mise à jour nœud par nœud',
    restore: 'Restauration d’une sauvegarde',
  } as Record<string, string>,
  never: 'jamais essayée',
  worked: (ago: string, actor: string) => `a réussi ${ago}, par ${actor}`,
  failed: (ago: string, actor: string) => `a échoué ${ago}, par ${actor}`,
  before: (ago: string) => `dernier succès ${ago}`,
  took: (seconds: Plain) => `${seconds} s`,
  fresh: 'à jour',
  overdue: 'à refaire',
}
