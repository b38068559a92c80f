/** A whole number from 1 to 100, as a weight is; undefined: it is none. */
export function weightOf(text: string): number | undefined {
  const weight = Number(text.trim())
  return /^\d{1,3}$/.test(text.trim()) && weight >= 1 && weight <= 100 ? weight : undefined
}
