/** A number already written as the reader's language writes it. */
export type Plain = string

export type Format = {
  n: (value: number) => Plain
  percent: (share: number) => string
  clock: (instant: string | number | Date) => string
  day: (instant: string | number | Date) => string
  ago: (instant: string | number | Date, now?: number) => string
  span: (seconds: number) => string
  stopwatch: (seconds: number) => string
  money: (amount: number, currency: string) => string
}

/** How a language writes numbers and times; times are those of the tenant's zone, for everybody alike. */
export function formatOf(locale: string, timeZone?: string): Format {
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone })
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone })
  const ago = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 0 }).format(value)
  return {
    n: (value) => number.format(value),
    // Never "100 %" while somebody is missing, never "0 %" when somebody is there.
    percent: (share) => percent.format(share > 0.99 && share < 1 ? 0.99 : share > 0 && share < 0.01 ? 0.01 : share),
    clock: (instant) => clock.format(new Date(instant)),
    day: (instant) => day.format(new Date(instant)),
    ago: (instant, now = Date.now()) => {
      const seconds = (new Date(instant).getTime() - now) / 1000
      const steps: [number, Intl.RelativeTimeFormatUnit][] = [[60, 'second'], [60, 'minute'], [24, 'hour'], [30.44, 'day'], [12, 'month'], [Infinity, 'year']]
      let value = seconds
      for (const [size, name] of steps) {
        if (Math.abs(value) < size) return ago.format(Math.round(value), name)
        value /= size
      }
      return ago.format(Math.round(value), 'year')
    },
    span: (seconds) => {
      if (seconds < 60) return unit(Math.round(seconds), 'second')
      const minutes = Math.round(seconds / 60)
      if (minutes < 60) return unit(minutes, 'minute')
      const hours = Math.floor(minutes / 60)
      return minutes % 60 === 0 ? unit(hours, 'hour') : `${unit(hours, 'hour')} ${unit(minutes % 60, 'minute')}`
    },
    stopwatch: (seconds) => {
      const whole = Math.max(0, Math.floor(seconds))
      const two = (part: number) => String(part).padStart(2, '0')
      const hours = Math.floor(whole / 3600)
      return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
    },
    money: (amount, currency) => new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount),
  }
}
