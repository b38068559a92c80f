import type { Plain } from '../format'

export const runbooks = {
  lead: 'What is written down for bad days, and when it was last tried. A drill is recorded at the console (tocsin:drill) or by the API.',
  name: {
    'planned-switch': 'Planned switch from one site to the other',
    'site-lost': 'Loss of a site',
    'link-cut': 'Link between the sites cut',
    'site-cut-off': 'Site cut off from everybody',
    return: 'Return of a site',
    'rolling-upgrade': 'Upgrade, one node after the other',
    restore: 'Restore from a backup',
  } as Record<string, string>,
  never: 'never drilled',
  worked: (ago: string, actor: string) => `worked ${ago}, by ${actor}`,
  failed: (ago: string, actor: string) => `failed ${ago}, by ${actor}`,
  before: (ago: string) => `last worked ${ago}`,
  took: (seconds: Plain) => `${seconds} s`,
  fresh: 'up to date',
  overdue: 'overdue',
}
