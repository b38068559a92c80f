import type { ImportRun, Inspection } from '../../api/contacts'

/** What a column may become, in the order people look for it. `var:` stands for a name of their own. */
export const FIELDS = {
  reaching: ['mobile', 'phone', 'email', 'webhook', 'publication'],
  telling: ['last_name', 'first_name', 'full_name', 'external_id'],
  others: ['language', 'household', 'tags', 'latitude', 'longitude', 'var:', 'ignore'],
} as const

const REACHING: readonly string[] = FIELDS.reaching
/** What only one column can give. */
const ONCE: readonly string[] = ['external_id', 'first_name', 'last_name', 'full_name', 'language', 'household', 'latitude', 'longitude']

export type Mapping = Record<string, string>

/** Titles in order, each once: two columns of one title are mapped together. */
export const titlesOf = (inspection: Inspection): string[] => [...new Set(inspection.columns)]

export const proposed = (inspection: Inspection): Mapping =>
  Object.fromEntries(titlesOf(inspection).map((title) => [title, inspection.mapping[title] ?? 'ignore']))

/** The latest run whose file had just these columns: what was said of them then is likely meant again. */
export function remembered(inspection: Inspection, runs: readonly ImportRun[]): ImportRun | undefined {
  const titles = new Set(titlesOf(inspection))
  return runs.find((run) => {
    const before = Object.keys(run.mapping)
    return run.state !== 'failed' && before.length === titles.size && before.every((title) => titles.has(title))
  })
}

/** A name that a message can use between braces. */
export const variableName = (title: string): string =>
  title
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 40) || 'info'

export type Fault = { kind: 'noReach' } | { kind: 'halfPlace' } | { kind: 'unnamed' } | { kind: 'twice'; field: string }

/** What the API would refuse, said while it can be changed. */
export function faultOf(mapping: Mapping): Fault | undefined {
  const fields = Object.values(mapping)
  if (fields.some((field) => field.startsWith('var:') && !/^var:[A-Za-z]/.test(field))) return { kind: 'unnamed' }
  const twice = ONCE.find((field) => fields.filter((each) => each === field).length > 1)
  if (twice) return { kind: 'twice', field: twice }
  if (fields.includes('latitude') !== fields.includes('longitude')) return { kind: 'halfPlace' }
  return fields.some((field) => REACHING.includes(field)) ? undefined : { kind: 'noReach' }
}

/** Values of a column in the first rows, as far as there are any. */
export const samples = (inspection: Inspection, title: string): string[] => {
  const at = inspection.columns.indexOf(title)
  return [...new Set(inspection.firstRows.map((row) => row[at] ?? '').filter((value) => value.trim() !== ''))].slice(0, 3)
}
