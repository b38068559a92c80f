/** The months up to a moment's own, oldest first, as the API writes them: also those in which nothing happened. */
export function monthsUntil(now: Date, count: number): string[] {
  const last = now.getUTCFullYear() * 12 + now.getUTCMonth()
  return Array.from({ length: count }, (_, index) => {
    const month = last - count + 1 + index
    return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
  })
}
