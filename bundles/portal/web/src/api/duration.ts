/** Seconds of an ISO-8601 duration as java.time writes it (PT1H30M, PT0.5S); NaN for anything else. */
export function seconds(duration: string): number {
  const parts = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(duration)
  return parts && duration !== 'PT' ? Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0) : NaN
}
