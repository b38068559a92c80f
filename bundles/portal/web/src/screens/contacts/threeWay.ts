import type { Contact, ContactEdit } from '../../api/contacts'
import type { Place } from '../../api/place'
import { nowhere, placeOf, written, type PlaceDraft } from '../../ui/map/place'

/** A contact as it is being written: every part there, nothing optional. */
export type Draft = {
  firstName: string
  lastName: string
  externalId: string
  language: string
  household: string
  legalBasis: string
  origin: string
  tags: string[]
  endpoints: { kind: string; address: string; origin?: string; legalBasis?: string }[]
  variables: { name: string; value: string }[]
  /** Where the person lives: both numbers, or neither. */
  place: PlaceDraft
}
export type Field = keyof Draft

export const FIELDS: readonly Field[] = ['lastName', 'firstName', 'language', 'household', 'place', 'externalId', 'endpoints', 'tags', 'variables', 'legalBasis', 'origin']

export const draftOf = (contact: Contact): Draft => ({
  firstName: contact.firstName,
  lastName: contact.lastName,
  externalId: contact.externalId,
  language: contact.language,
  household: contact.household ?? '',
  legalBasis: contact.legalBasis,
  origin: contact.origin,
  tags: [...contact.tags].sort(),
  endpoints: contact.endpoints.map(({ kind, address, origin, legalBasis }) => ({ kind, address, origin, legalBasis })),
  variables: Object.entries(contact.variables)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => a.name.localeCompare(b.name)),
  place: contact.place ? written(contact.place as Place) : nowhere,
})

/** What is sent. Lines nobody filled in are no lines. */
export const editOf = (draft: Draft): ContactEdit => ({
  firstName: draft.firstName.trim(),
  lastName: draft.lastName.trim(),
  externalId: draft.externalId.trim(),
  language: draft.language,
  ...(draft.household.trim() ? { household: draft.household.trim() } : {}),
  legalBasis: draft.legalBasis.trim(),
  origin: draft.origin.trim(),
  tags: draft.tags,
  endpoints: draft.endpoints.filter(({ address }) => address.trim() !== '').map((endpoint) => ({ ...endpoint, address: endpoint.address.trim() })),
  ...(placeOf(draft.place) ? { place: placeOf(draft.place) } : {}),
  variables: Object.fromEntries(draft.variables.filter(({ name, value }) => name.trim() && value.trim()).map(({ name, value }) => [name.trim(), value.trim()])),
})

/** One part of a draft as a text two people can compare. */
export function shown(draft: Draft, field: Field): string {
  switch (field) {
    case 'tags':
      return [...draft.tags].sort().join(', ')
    case 'endpoints':
      return draft.endpoints.map(({ address }) => address.trim()).filter(Boolean).join(' · ')
    case 'variables':
      return draft.variables.filter(({ name, value }) => name.trim() && value.trim()).map(({ name, value }) => `${name.trim()} : ${value.trim()}`).sort().join(' · ')
    case 'place':
      return [draft.place.latitude, draft.place.longitude].map((each) => each.trim()).filter(Boolean).join(' ; ')
    default:
      return draft[field].trim()
  }
}

/** Which parts say something else. The order of endpoints is their rank: another order is another thing. */
export const changed = (a: Draft, b: Draft): Field[] =>
  FIELDS.filter((field) => shown(a, field) !== shown(b, field) || (field === 'endpoints' && kinds(a) !== kinds(b)))

const kinds = (draft: Draft) => draft.endpoints.filter(({ address }) => address.trim()).map(({ kind }) => kind).join()

/**
 * Two people began with the same contact. What only one of them changed is theirs; what both changed otherwise is a question.
 *
 * @param base what both began with
 * @returns mine with what only they changed taken over; `taken` names that, `conflicts` what somebody must choose
 */
export function threeWay(base: Draft, mine: Draft, theirs: Draft): { merged: Draft; taken: Field[]; conflicts: Field[] } {
  const byMe = new Set(changed(base, mine))
  const byThem = changed(base, theirs)
  const taken = byThem.filter((field) => !byMe.has(field))
  const differs = new Set(changed(mine, theirs))
  return { merged: take(mine, theirs, taken), taken, conflicts: byThem.filter((field) => byMe.has(field) && differs.has(field)) }
}

/** A draft with some parts of another. */
export function take(into: Draft, from: Draft, fields: readonly Field[]): Draft {
  return { ...into, ...Object.fromEntries(fields.map((field) => [field, from[field]])) }
}
