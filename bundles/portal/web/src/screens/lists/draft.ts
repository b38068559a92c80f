import type { ContactList, ListEdit } from '../../api/contacts'
import type { Area } from '../../api/place'
import type { Words } from '../../i18n'
import { placeOf } from '../../ui/map/place'
import { areaDraftOf, areaOf, emptyArea, radiusOf, type AreaDraft } from './area'

export type Kind = 'tags' | 'area' | 'static' | 'nested'
export const KINDS: readonly Kind[] = ['tags', 'area', 'static', 'nested']

/** A list as it is being written. What belongs to another kind than the chosen one is kept, and not sent. */
export type ListDraft = {
  name: string
  kind: Kind
  allTags: string[]
  anyTags: string[]
  noneTags: string[]
  includes: string[]
  excludes: string[]
  area: AreaDraft
}

export const emptyList: ListDraft = { name: '', kind: 'tags', allTags: [], anyTags: [], noneTags: [], includes: [], excludes: [], area: emptyArea }

export const listDraftOf = (list: ContactList): ListDraft => ({
  name: list.name,
  kind: list.kind as Kind,
  allTags: [...list.allTags].sort(),
  anyTags: [...list.anyTags].sort(),
  noneTags: [...list.noneTags].sort(),
  includes: list.includes,
  excludes: list.excludes,
  area: areaDraftOf(list.area as Area | undefined),
})

export const listEditOf = (draft: ListDraft): ListEdit => ({
  name: draft.name.trim(),
  kind: draft.kind,
  ...(draft.kind === 'tags' || draft.kind === 'area' ? { allTags: draft.allTags, anyTags: draft.anyTags, noneTags: draft.noneTags } : {}),
  ...(draft.kind === 'nested' ? { includes: draft.includes, excludes: draft.excludes } : {}),
  ...(draft.kind === 'area' && areaOf(draft.area) ? { area: areaOf(draft.area) } : {}),
})

export const sameList = (a: ListDraft, b: ListDraft): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const sorted = (draft: ListDraft) => {
  const edit = listEditOf(draft)
  // What is half drawn is a change already.
  return { ...edit, area: draft.kind === 'area' ? (edit.area ?? draft.area) : undefined, allTags: [...(edit.allTags ?? [])].sort(), anyTags: [...(edit.anyTags ?? [])].sort(), noneTags: [...(edit.noneTags ?? [])].sort() }
}

/** The key a list has for scenarios and machines, from its name; 64 of a-z, 0-9 and hyphens, as the API asks. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 64)
    .replace(/-+$/, '') || 'liste'

function areaWord(area: AreaDraft, w: Words): string {
  const format = new Intl.NumberFormat(w.locale, { maximumFractionDigits: 4 })
  if (area.shape === 'polygon') return w.lists.cornersWord(format.format(area.corners.length))
  const centre = placeOf(area.centre)
  const radius = radiusOf(area.radius)
  return centre && radius !== undefined ? w.lists.circleWord(format.format(radius), `${format.format(centre.latitude)} ; ${format.format(centre.longitude)}`) : ''
}

/** Who is in it, in words. */
export function summaryOf(draft: ListDraft, w: Words, nameOf: (slug: string) => string): string {
  const names = (slugs: string[]) => slugs.map(nameOf).join(', ')
  const parts =
    draft.kind === 'tags' || draft.kind === 'area'
      ? [
          draft.kind === 'area' && areaWord(draft.area, w),
          draft.allTags.length > 0 && w.lists.all(draft.allTags.join(', ')),
          draft.anyTags.length > 0 && w.lists.anyOf(draft.anyTags.join(', ')),
          draft.noneTags.length > 0 && w.lists.noneOf(draft.noneTags.join(', ')),
        ]
      : draft.kind === 'nested'
        ? [draft.includes.length > 0 && w.lists.includes(names(draft.includes)), draft.excludes.length > 0 && w.lists.excludes(names(draft.excludes))]
        : []
  const said = parts.filter(Boolean).join(' · ')
  return said || (draft.kind === 'tags' ? w.lists.everyone : '')
}
