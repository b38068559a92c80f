import { expect, test } from 'vitest'
import { after, crossing, metres, ringOf } from '../../ui/map/geometry'
import { degrees, pasted, written } from '../../ui/map/place'
import { areaDraftOf, areaFault, areaOf, emptyArea, radiusOf } from './area'

const ring = (...numbers: number[]) => Array.from({ length: numbers.length / 2 }, (_, i) => ({ latitude: numbers[2 * i]!, longitude: numbers[2 * i + 1]! }))
const polygon = (...numbers: number[]) => ({ ...emptyArea, corners: ring(...numbers).map(written) })

test.each([
  ['47.3936', 47.3936],
  [' 47,3936 ', 47.3936],
  ['\u22120,5', -0.5],
  ['47.12345678', 47.123457],
  ['90.1', undefined],
  ['', undefined],
  ['1e1', undefined],
  ['47°23', undefined],
])('"%s" is %s degrees north', (text, value) => expect(degrees(text, 90)).toBe(value))

test('a small number is written as one types it', () => expect(written({ latitude: 0.000001, longitude: -10 })).toEqual({ latitude: '0.000001', longitude: '-10' }))

test('a pair of coordinates is taken apart, a single number is not', () => {
  expect(pasted('47.3936, 0.6892')).toEqual({ latitude: '47.3936', longitude: '0.6892' })
  expect(pasted('47.3936 -0.6892')).toEqual({ latitude: '47.3936', longitude: '-0.6892' })
  expect(pasted('47,3936')).toBeUndefined()
})

test.each([
  [polygon(0, 0, 1, 1), { kind: 'few' }],
  [{ ...emptyArea, corners: [{ latitude: '1', longitude: 'x' }] }, { kind: 'corner', at: 0 }],
  [polygon(0, 0, 1, 1, 1, 0, 0, 1), { kind: 'cross', at: [0, 2] }],
  [polygon(0, 0, 0, 4, 4, 4, 0, 2), { kind: 'cross', at: [0, 2] }],
  [polygon(0, 0, 0, 4, 0, 2, 3, 3), { kind: 'cross', at: [0, 1] }],
  [polygon(0, 0, 0, 4, 0, 4, 4, 4), { kind: 'same', at: 2 }],
  [polygon(-17, 179, -17, -179, -16, 180), { kind: 'meridian', at: 1 }],
  [polygon(...Array.from({ length: 501 }, (_, i) => [i / 1000, i % 2]).flat()), { kind: 'many' }],
  [{ ...emptyArea, shape: 'circle' as const }, { kind: 'centre' }],
  [{ ...emptyArea, shape: 'circle' as const, centre: { latitude: '1', longitude: '2' }, radius: '0' }, { kind: 'radius' }],
])('what is no area is told (%#)', (draft, fault) => {
  expect(areaFault(draft)).toEqual(fault)
  expect(areaOf(draft)).toBeUndefined()
})

test('an area is read and written back as it was', () => {
  const square = { polygon: ring(47, 0, 47, 1, 48, 1, 48, 0) }
  expect(areaOf(areaDraftOf(square))).toEqual(square)
  const circle = { polygon: [], circle: { centre: { latitude: 47, longitude: 0.5 }, radiusMetres: 350.5 } }
  expect(areaOf(areaDraftOf(circle))).toEqual(circle)
  expect(radiusOf('1 500')).toBe(1500)
})

test('a square crosses nothing, and a circle on the ground is as wide as it says', () => {
  expect(crossing(ring(47, 0, 47, 1, 48, 1, 48, 0))).toBeUndefined()
  const centre = { latitude: 60, longitude: 10 }
  for (const place of ringOf({ centre, radiusMetres: 5000 })) expect(metres(centre, place)).toBeCloseTo(5000, 3)
  expect(metres(centre, after(centre, 90, 250_000))).toBeCloseTo(250_000, 2)
})
