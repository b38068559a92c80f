import type { Scenario as Stored } from '../../api/model'

export type Message = { subject?: string; text: string; html?: string }
export type Step = Stored['cascade'][number]
export type Call = {
  ring?: string
  times?: number
  machine?: 'leave-message' | 'hang-up' | 'ignore'
  pin?: string
  transfer?: Record<string, string>
  repeat?: string
  retry?: Record<string, string>
}
/** A scenario as it is written: what the server keeps, without its version. */
export type Draft = {
  name: string
  category: Stored['category']
  lists: string[]
  cascade: Step[]
  question?: { choices: Record<string, string> } | undefined
  call?: Call | undefined
  variables: Record<string, string>
  'fallback-language': string
  messages: Record<string, Record<string, Message>>
}

/** What the platform fills in itself. */
export const RESERVED = ['name', 'first_name', 'last_name', 'title', 'answer_url'] as const

export function blank(name: string, language: string): Draft {
  return {
    name,
    category: 'information',
    lists: [],
    cascade: [{ channel: 'sms', patience: 'PT10M', attempts: 3, until: 'delivered' }],
    variables: {},
    'fallback-language': language,
    messages: { [language]: { sms: { text: '' } } },
  }
}

/** What the server sent, as a draft: its own slug and version apart. */
export function draftOf(stored: object): Draft {
  const { slug: _slug, version: _version, ...rest } = structuredClone(stored) as Record<string, unknown>
  const draft = rest as Partial<Draft>
  return { ...draft, lists: draft.lists ?? [], cascade: draft.cascade ?? [], variables: draft.variables ?? {}, messages: draft.messages ?? {} } as Draft
}

/** As it is sent: without what was left empty. A language nobody wrote in is none. */
export function written(draft: Draft): Draft {
  const messages: Draft['messages'] = {}
  for (const [language, channels] of Object.entries(draft.messages)) {
    const kept = Object.entries(channels).filter(
      ([, message]) => language === draft['fallback-language'] || message.text.trim() || message.subject?.trim() || message.html?.trim(),
    )
    if (kept.length === 0 && language !== draft['fallback-language']) continue
    messages[language] = Object.fromEntries(
      kept.map(([channel, { subject, text, html }]) => [channel, { ...(subject ? { subject } : {}), text, ...(html?.trim() ? { html } : {}) }]),
    )
  }
  const { question, call, ...rest } = draft
  return {
    ...rest,
    ...(question && Object.keys(question.choices).length > 0 ? { question } : {}),
    ...(call && channelsOf(draft).includes('voice') ? { call } : {}),
    messages,
  }
}

/** By what people are reached, and what else is written: the order of the cascade first. */
export function channelsOf(draft: Draft): string[] {
  const used = [...draft.cascade.map((step) => step.channel), ...Object.values(draft.messages).flatMap((channels) => Object.keys(channels))]
  return [...new Set(used)]
}

/** The language for everybody else first. */
export function languagesOf(draft: Draft): string[] {
  return [...new Set([draft['fallback-language'], ...Object.keys(draft.messages)])]
}

export const PLACE = /\{\{\s*([A-Za-z][A-Za-z0-9_.-]{0,63})\s*\}\}/g

export const placesIn = (...texts: (string | undefined)[]): string[] => [
  ...new Set(texts.flatMap((text) => [...(text ?? '').matchAll(PLACE)].map((found) => found[1]!))),
]

export type PlaceKind = 'platform' | 'value' | 'given' | 'kept' | 'unknown'

/** Where what stands at a place comes from. `given`: declared without a value, so the launch or each contact gives one. */
export function kindOf(place: string, draft: Draft): PlaceKind {
  if ((RESERVED as readonly string[]).includes(place)) return 'platform'
  if (/^(recording|document)\./.test(place)) return 'kept'
  if (!(place in draft.variables)) return 'unknown'
  return draft.variables[place]?.trim() ? 'value' : 'given'
}

/** A text with the values that are the same for everybody; what only a person has stays a place. */
export function filled(text: string, draft: Draft, more: Record<string, string> = {}): string {
  const values: Record<string, string | undefined> = { title: draft.name, ...draft.variables, ...more }
  return text.replace(PLACE, (place, name: string) => values[name]?.trim() || place)
}

/** The closest name that is known, if one is close: a slip of the finger. */
export function meantBy(place: string, known: readonly string[]): string | undefined {
  const near = known.map((name) => [distance(place.toLowerCase(), name.toLowerCase()), name] as const).sort((a, b) => a[0] - b[0])[0]
  return near && near[0] <= Math.max(1, Math.floor(place.length / 4)) ? near[1] : undefined
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}

/** Whole seconds as the server writes them: what is typed again is no change. */
export function isoOf(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return `PT${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${rest ? `${rest}S` : ''}`
}

/** A name as it can stand in an address: what a scenario is stored under. */
export function slugOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('œ', 'oe')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
    .replace(/-+$/, '')
}
