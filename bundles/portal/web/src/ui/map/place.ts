import type { Place } from '../../api/place'

/** A place as it is being written. */
export type PlaceDraft = { latitude: string; longitude: string }

export const nowhere: PlaceDraft = { latitude: '', longitude: '' }

/** Degrees as one writes them: with a point or a comma. */
export function degrees(written: string, most: 90 | 180): number | undefined {
  const plain = written.trim().replace(',', '.').replace('\u2212', '-')
  if (!/^[+-]?\d{1,3}(\.\d{1,20})?$/.test(plain)) return undefined
  const value = Math.round(Number(plain) * 1e6) / 1e6 + 0
  return Math.abs(value) <= most ? value : undefined
}

/** As it is shown: without an exponent, as it would be typed. */
export const written = ({ latitude, longitude }: Place): PlaceDraft => ({ latitude: plain(latitude), longitude: plain(longitude) })
const plain = (value: number) => value.toFixed(6).replace(/\.?0+$/, '')

export const placeOf = ({ latitude, longitude }: PlaceDraft): Place | undefined => {
  const north = degrees(latitude, 90)
  const east = degrees(longitude, 180)
  return north === undefined || east === undefined ? undefined : { latitude: north, longitude: east }
}

/** Pasted as maps give it, "47.3936, 0.6892": both at once. */
export function pasted(text: string): PlaceDraft | undefined {
  const [, latitude, longitude] = /^\s*([+-]?\d{1,3}\.\d+)[\s,;]+([+-]?\d{1,3}\.\d+)\s*$/.exec(text) ?? []
  return latitude !== undefined && longitude !== undefined ? { latitude, longitude } : undefined
}
