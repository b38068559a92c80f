import { expect, test } from 'vitest'
import { drawPassword, drawPin, isWeak } from './draw'

test('passwords are long enough, can be read aloud and never come twice', () => {
  const drawn = Array.from({ length: 200 }, drawPassword)
  for (const password of drawn) expect(password).toMatch(/^[a-km-z2-9]{5}(-[a-km-z2-9]{5}){3}$/)
  expect(new Set(drawn).size).toBe(200)
})

test('codes are six digits in no order', () => {
  for (let i = 0; i < 500; i++) {
    const pin = drawPin()
    expect(pin).toMatch(/^\d{6}$/)
    expect(isWeak(pin)).toBe(false)
  }
})

test.each(['123456', '111111', '987654', '121212', '123123', '901234', '000123'])('%s is weak', (pin) => expect(isWeak(pin)).toBe(true))
