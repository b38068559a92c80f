import type { Launch as SentLaunch, PersonState, Preview as SaidPreview } from '#schema'

export type Mode = 'live' | 'drill'
export type State = PersonState['state']
export type Launch = SentLaunch
export type Preview = SaidPreview

/** Good news first, bad news last, what is still open in between: the order everywhere. */
export const STATES: readonly State[] = ['ANSWERED', 'DELIVERED', 'PENDING', 'UNKNOWN', 'FAILED']

/** A step of a cascade, its patience as ISO 8601 writes it. */
export type Step = { channel: string; patience: string; attempts: number; until: 'answered' | 'delivered' }

/** A scenario as ScenarioFormat writes it; the description calls it free JSON. */
export type Scenario = {
  slug: string
  version: number
  name: string
  category: 'life-safety' | 'operational' | 'information'
  lists: string[]
  cascade: Step[]
  question?: { choices: Record<string, string> }
  variables?: Record<string, string>
  messages: Record<string, Record<string, { subject?: string; text: string; html?: string }>>
}

/** A drill's title begins with its word in the tenant's language; beside the sign that says so it is said once. */
export const titleOf = (alert: { title: string; drill: boolean }): string => (alert.drill ? alert.title.replace(/^\p{Lu}+ — /u, '') : alert.title)

export const modeOf = (drill: boolean): Mode => (drill ? 'drill' : 'live')
