/** @param at when, in ms; @param reached answered or delivered; @param answered of these */
export type Sample = { at: number; reached: number; answered: number }

/** The course from the launch on: what the server reckons up to what was seen here, then that. */
export function whole(launchedAt: number | undefined, course: readonly { seconds: number; reached: number; answered: number }[] | undefined, seen: Sample[]): Sample[] {
  if (launchedAt === undefined) return seen
  const from = seen[0]?.at ?? Infinity
  const before = (course ?? []).map(({ seconds, reached, answered }) => ({ at: launchedAt + seconds * 1000, reached, answered })).filter(({ at }) => at < from && at > launchedAt)
  // Two points are no course: a line between them would say what nobody knows.
  if (before.length === 0 && seen.length < 2) return seen
  return [{ at: Math.min(launchedAt, from), reached: 0, answered: 0 }, ...before, ...seen]
}
