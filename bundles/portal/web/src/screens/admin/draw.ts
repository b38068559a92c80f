/** Letters and digits that cannot be taken for each other, read aloud or written by hand. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Evenly drawn: what would favour some signs is thrown away. */
function draw(signs: string, count: number): string {
  const fair = 256 - (256 % signs.length)
  let drawn = ''
  while (drawn.length < count)
    for (const byte of crypto.getRandomValues(new Uint8Array(count * 2))) if (byte < fair && drawn.length < count) drawn += signs[byte % signs.length]
  return drawn
}

/** A first password, to be handed over and changed: four groups of five, 99 bits. */
export const drawPassword = (): string => [0, 1, 2, 3].map(() => draw(SIGNS, 5)).join('-')

/** Six digits that the telephone's rules take: no run, nothing that repeats. */
export function drawPin(): string {
  for (;;) {
    const pin = draw('0123456789', 6)
    if (!isWeak(pin)) return pin
  }
}

/** Stricter than the rules, for a machine draws again at no cost. */
export function isWeak(pin: string): boolean {
  const steps = [...pin].slice(1).map((digit, index) => (Number(digit) - Number(pin[index]) + 10) % 10)
  const run = steps.some((step, index) => (step === 0 || step === 1 || step === 9) && step === steps[index + 1])
  return run || pin.slice(0, 3) === pin.slice(3) || pin.slice(0, 2).repeat(3) === pin
}
