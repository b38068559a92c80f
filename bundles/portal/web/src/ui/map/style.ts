import type { Feature, FeatureCollection, Position as Coordinates } from 'geojson'
import type { StyleSpecification } from 'maplibre-gl'
import type { Area, Box, Cell, Place } from '../../api/place'
import { handlesOf, position, ringOf } from './geometry'

/** What the operator of the node has set: a source of tiles, or none. */
export type MapSettings = { tiles?: string; attribution?: string; maxZoom?: number }

/** What is drawn on the map. */
export type Drawing = { area: Area | undefined; people: readonly Cell[]; pin: Place | undefined; peopleWord: (count: number) => string }

export const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features })
const point = (place: Place, properties: Feature['properties'] = {}): Feature => ({ type: 'Feature', properties, geometry: { type: 'Point', coordinates: position(place) } })
const line = (coordinates: Coordinates[], properties: Feature['properties'] = {}): Feature => ({ type: 'Feature', properties, geometry: { type: 'LineString', coordinates } })

export function areaFeatures(area: Area | undefined): FeatureCollection {
  if (!area) return collection([])
  const ring = (area.circle ? ringOf(area.circle) : area.polygon).map(position)
  const closed = ring.length > 2 ? [...ring, ring[0]!] : ring
  return collection([
    ...(ring.length > 2 ? [{ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [closed] } } as Feature] : []),
    ...(ring.length > 1 ? [line(closed)] : []),
  ])
}

export const handleFeatures = (area: Area | undefined): FeatureCollection => collection(area ? handlesOf(area).map((place, at) => point(place, { at })) : [])

export const peopleFeatures = ({ people, peopleWord }: Drawing): FeatureCollection =>
  collection(people.map(({ centre, people: count }) => point(centre, { count, word: peopleWord(count) })))

export const pinFeatures = (pin: Place | undefined): FeatureCollection => collection(pin ? [point(pin)] : [])

const STEPS = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001]

/** Meridians and parallels, about five each way, named where they enter from the west and the north: a map without tiles is not nowhere. */
export function graticule(box: Box, name: (degrees: number, axis: 'latitude' | 'longitude') => string): FeatureCollection {
  const wide = Math.max(box.east - box.west, 1e-4)
  const step = STEPS.findLast((each) => wide / each <= 6) ?? 30
  const features: Feature[] = []
  // Half as far again on each side: a map that is pulled or grows has lines before new ones come.
  const more = { x: (box.east - box.west) / 2, y: (box.north - box.south) / 2 }
  const [west, east] = [Math.max(-180, box.west - more.x), Math.min(180, box.east + more.x)]
  const [south, north] = [Math.max(-85, box.south - more.y), Math.min(85, box.north + more.y)]
  const from = (low: number) => Math.ceil(low / step) * step
  const label = (x: number, y: number, word: string, side: string) =>
    features.push({ type: 'Feature', properties: { name: word, side }, geometry: { type: 'Point', coordinates: [x, y] } })
  for (let x = from(west); x <= east; x += step) {
    features.push(line([[x, south], [x, north]]))
    // Not in the corner, where a parallel has its name.
    if (x > box.west + (box.east - box.west) * 0.12 && x <= box.east) label(x, Math.min(box.north, 85), name(Math.round(x * 1e6) / 1e6, 'longitude'), 'north')
  }
  for (let y = from(south); y <= north; y += step) {
    features.push(line([[west, y], [east, y]]))
    if (y >= box.south && y <= box.north) label(box.west, y, name(Math.round(y * 1e6) / 1e6, 'latitude'), 'west')
  }
  return collection(features)
}

const color = (token: string): string => getComputedStyle(document.documentElement).getPropertyValue(token).trim()

/** Everything in the colours of the theme. Letters are drawn by the browser from the page's own font: no glyphs are asked for. */
export function styleOf(settings: MapSettings, drawing: Drawing): StyleSpecification {
  const font = ['Atkinson Hyperlegible Next Variable']
  const isDark = document.documentElement.dataset.theme === 'dark'
  const empty = { type: 'geojson' as const, data: collection([]) }
  return {
    version: 8,
    sources: {
      ...(settings.tiles ? { tiles: { type: 'raster', tiles: [settings.tiles], tileSize: 256, maxzoom: settings.maxZoom ?? 19 } } : {}),
      graticule: empty,
      // Its corners are where they are, at every zoom.
      area: { type: 'geojson', tolerance: 0, data: areaFeatures(drawing.area) },
      people: { type: 'geojson', data: peopleFeatures(drawing) },
      pin: { type: 'geojson', data: pinFeatures(drawing.pin) },
      handles: { type: 'geojson', data: handleFeatures(drawing.area) },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': color('--sunk') } },
      ...(settings.tiles
        ? [{ id: 'tiles', type: 'raster' as const, source: 'tiles', paint: { 'raster-brightness-max': isDark ? 0.6 : 1, 'raster-saturation': isDark ? -0.4 : -0.15 } }]
        : []),
      { id: 'graticule', type: 'line', source: 'graticule', filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': color('--line-strong'), 'line-opacity': settings.tiles ? 0.25 : 0.45, 'line-width': 1 } },
      {
        id: 'graticule-names',
        type: 'symbol',
        source: 'graticule',
        filter: ['==', ['geometry-type'], 'Point'],
        layout: {
          'text-field': ['get', 'name'],
          'text-font': font,
          'text-size': 12,
          'text-anchor': ['match', ['get', 'side'], 'west', 'left', 'top'],
          'text-offset': ['match', ['get', 'side'], 'west', ['literal', [0.4, -0.7]], ['literal', [0, 0.4]]],
          'text-allow-overlap': true,
        },
        paint: { 'text-color': color('--ink-2'), 'text-halo-color': color('--sunk'), 'text-halo-width': 1.5 },
      },
      { id: 'area', type: 'fill', source: 'area', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': color('--focus'), 'fill-opacity': 0.18 } },
      { id: 'border', type: 'line', source: 'area', filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': color('--focus'), 'line-width': 3 } },
      {
        id: 'people',
        type: 'circle',
        source: 'people',
        paint: {
          'circle-color': color('--action'),
          'circle-opacity': 0.92,
          'circle-radius': ['interpolate', ['linear'], ['sqrt', ['get', 'count']], 1, 5, 3, 11, 30, 20, 300, 30],
          'circle-stroke-color': color('--surface'),
          'circle-stroke-width': 1.5,
        },
      },
      {
        id: 'people-words',
        type: 'symbol',
        source: 'people',
        filter: ['>', ['get', 'count'], 1],
        layout: { 'text-field': ['get', 'word'], 'text-font': font, 'text-size': 12, 'text-allow-overlap': true },
        paint: { 'text-color': color('--on-action') },
      },
      { id: 'pin', type: 'circle', source: 'pin', paint: { 'circle-color': color('--focus'), 'circle-radius': 8, 'circle-stroke-color': color('--surface'), 'circle-stroke-width': 3 } },
      { id: 'handles', type: 'circle', source: 'handles', paint: { 'circle-color': color('--surface'), 'circle-radius': 7, 'circle-stroke-color': color('--focus'), 'circle-stroke-width': 3 } },
    ],
  }
}
