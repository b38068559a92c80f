import type { Area, Circle, Place } from '../../api/place'

/** Mean radius of the Earth in metres, as the server reckons with. */
const EARTH = 6_371_008.8
const RAD = Math.PI / 180

/** As GeoJSON has it: east before north. */
export type Position = [number, number]

export const position = ({ latitude, longitude }: Place): Position => [longitude, latitude]

/** To six decimals, as places are kept: eleven centimetres. */
export const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6 + 0
export const placeAt = (latitude: number, longitude: number): Place => ({ latitude: rounded(latitude), longitude: rounded(longitude) })

/** Along a great circle, in metres. */
export function metres(a: Place, b: Place): number {
  const sines = Math.sin(((b.latitude - a.latitude) * RAD) / 2) ** 2
  const across = Math.cos(a.latitude * RAD) * Math.cos(b.latitude * RAD) * Math.sin(((b.longitude - a.longitude) * RAD) / 2) ** 2
  return 2 * EARTH * Math.asin(Math.sqrt(Math.min(1, sines + across)))
}

/** Where one is after so many metres from a place. @param bearing in degrees from north to the east */
export function after(from: Place, bearing: number, distance: number): Place {
  const angle = distance / EARTH
  const north = from.latitude * RAD
  const sine = Math.sin(north) * Math.cos(angle) + Math.cos(north) * Math.sin(angle) * Math.cos(bearing * RAD)
  const east = Math.atan2(Math.sin(bearing * RAD) * Math.sin(angle) * Math.cos(north), Math.cos(angle) - Math.sin(north) * sine)
  return { latitude: Math.asin(sine) / RAD, longitude: from.longitude + east / RAD }
}

const ROUND = 120

/** A circle on the ground as a ring to draw. */
export const ringOf = ({ centre, radiusMetres }: Circle): Place[] => Array.from({ length: ROUND }, (_, i) => after(centre, (360 * i) / ROUND, radiusMetres))

/** The corners one can take hold of: of a polygon each; of a circle its centre, and where its border is to the east. */
export const handlesOf = (area: Area): Place[] => (area.circle ? [area.circle.centre, after(area.circle.centre, 90, area.circle.radiusMetres)] : area.polygon)

/** Which two lines of a ring have more in common than the corner neighbours share: as the server reckons, in whole millionths of a degree. */
export function crossing(ring: readonly Place[]): [number, number] | undefined {
  const corners = ring.map(({ latitude, longitude }) => ({ x: BigInt(Math.round(longitude * 1e6)), y: BigInt(Math.round(latitude * 1e6)) }))
  const n = corners.length
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const [a, b, c, d] = [corners[i]!, corners[(i + 1) % n]!, corners[j]!, corners[(j + 1) % n]!]
      const touch = j === i + 1 ? folded(a, b, d) : (j + 1) % n === i ? folded(c, d, b) : meet(a, b, c, d)
      if (touch) return [i, j]
    }
  return undefined
}

type Corner = { x: bigint; y: bigint }

const turn = (a: Corner, b: Corner, c: Corner): number => {
  const product = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
  return product > 0n ? 1 : product < 0n ? -1 : 0
}
const least = (a: bigint, b: bigint) => (a < b ? a : b)
const most = (a: bigint, b: bigint) => (a > b ? a : b)
const between = (a: Corner, b: Corner, p: Corner) => least(a.x, b.x) <= p.x && p.x <= most(a.x, b.x) && least(a.y, b.y) <= p.y && p.y <= most(a.y, b.y)
const sign = (of: bigint) => (of > 0n ? 1 : of < 0n ? -1 : 0)

/** Whether the way from a to b goes back on itself to c, or does not move at all. */
const folded = (a: Corner, b: Corner, c: Corner) => turn(a, b, c) === 0 && sign(a.x - b.x) === sign(c.x - b.x) && sign(a.y - b.y) === sign(c.y - b.y)

function meet(a: Corner, b: Corner, c: Corner, d: Corner): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)]
  return (
    (abc !== abd && cda !== cdb) ||
    (abc === 0 && between(a, b, c)) ||
    (abd === 0 && between(a, b, d)) ||
    (cda === 0 && between(c, d, a)) ||
    (cdb === 0 && between(c, d, b))
  )
}
