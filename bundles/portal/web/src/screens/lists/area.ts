import type { Area } from '../../api/place'
import { crossing } from '../../ui/map/geometry'
import { nowhere, placeOf, written, type PlaceDraft } from '../../ui/map/place'

export type Shape = 'polygon' | 'circle'
/** An area as it is being written; both shapes are kept, one is sent. */
export type AreaDraft = { shape: Shape; corners: PlaceDraft[]; centre: PlaceDraft; radius: string }

export const MOST_CORNERS = 500
export const MOST_METRES = 1_000_000

export const emptyArea: AreaDraft = { shape: 'polygon', corners: [], centre: nowhere, radius: '500' }

export const areaDraftOf = (area: Area | undefined): AreaDraft => {
  if (!area) return emptyArea
  return area.circle
    ? { ...emptyArea, shape: 'circle', centre: written(area.circle.centre), radius: String(area.circle.radiusMetres) }
    : { ...emptyArea, corners: area.polygon.map(written) }
}

export type AreaFault = { kind: 'few' } | { kind: 'many' } | { kind: 'corner'; at: number } | { kind: 'same'; at: number } | { kind: 'cross'; at: [number, number] } | { kind: 'centre' } | { kind: 'radius' } | { kind: 'meridian'; at: number }

/** What would be refused, said while it can be changed. */
export function areaFault(draft: AreaDraft): AreaFault | undefined {
  if (draft.shape === 'circle') {
    if (!placeOf(draft.centre)) return { kind: 'centre' }
    const radius = radiusOf(draft.radius)
    return radius === undefined ? { kind: 'radius' } : undefined
  }
  const wrong = draft.corners.findIndex((corner) => !placeOf(corner))
  if (wrong >= 0) return { kind: 'corner', at: wrong }
  if (draft.corners.length < 3) return { kind: 'few' }
  if (draft.corners.length > MOST_CORNERS) return { kind: 'many' }
  const ring = draft.corners.map((corner) => placeOf(corner)!)
  for (let i = 0; i < ring.length; i++) {
    const [a, b] = [ring[i]!, ring[(i + 1) % ring.length]!]
    const at = (i + 1) % ring.length
    if (a.latitude === b.latitude && a.longitude === b.longitude) return { kind: 'same', at }
    if (Math.abs(a.longitude - b.longitude) > 180) return { kind: 'meridian', at }
  }
  const lines = crossing(ring)
  return lines && { kind: 'cross', at: lines }
}

export const radiusOf = (text: string): number | undefined => {
  const value = Number(text.trim().replace(/[\s\u00a0\u202f]/g, '').replace(',', '.'))
  return text.trim() !== '' && value >= 1 && value <= MOST_METRES ? value : undefined
}

/** What is sent; undefined while it is no area yet. */
export function areaOf(draft: AreaDraft): Area | undefined {
  if (areaFault(draft)) return undefined
  return draft.shape === 'circle'
    ? { polygon: [], circle: { centre: placeOf(draft.centre)!, radiusMetres: radiusOf(draft.radius)! } }
    : { polygon: draft.corners.map((corner) => placeOf(corner)!) }
}

/** What can be drawn of it already: a line of two corners, a ring that still crosses itself. */
export function drawn(draft: AreaDraft): Area | undefined {
  if (draft.shape === 'circle') return areaOf(draft)
  const polygon = draft.corners.flatMap((corner) => placeOf(corner) ?? [])
  return polygon.length > 0 ? { polygon } : undefined
}
