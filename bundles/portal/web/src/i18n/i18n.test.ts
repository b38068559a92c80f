import { expect, test } from 'vitest'
import { en } from './en'
import { formatOf } from './format'
import { fr } from './fr'

const paths = (words: object, at = ''): string[] =>
  Object.entries(words).flatMap(([key, value]) => (typeof value === 'object' ? paths(value, `${at}${key} › `) : [`${at}${key}`]))

test('English says everything French says, and nothing else', () => expect(paths(en).sort()).toEqual(paths(fr).sort()))

test('nothing is said with an empty word', () => {
  for (const words of [fr, en])
    for (const path of paths(words)) {
      const value = path.split(' › ').reduce<unknown>((found, key) => (found as Record<string, unknown>)[key], words)
      if (typeof value === 'string') expect(value.trim(), path).not.toBe('')
    }
})

test('a share is never rounded to all or to none', () => {
  const f = formatOf('en-GB')
  expect([0, 0.0001, 0.5, 0.9999, 1].map(f.percent)).toEqual(['0%', '1%', '50%', '99%', '100%'])
})

test('times are those of the tenant', () => {
  expect(formatOf('fr-FR', 'Europe/Paris').clock('2026-11-22T18:30:05Z')).toBe('19:30:05')
  expect(formatOf('fr-FR', 'Indian/Reunion').clock('2026-11-22T18:30:05Z')).toBe('22:30:05')
  expect(formatOf('fr-FR').stopwatch(3725)).toBe('1:02:05')
  expect(formatOf('en-GB').ago('2026-11-20T12:00:00Z', Date.parse('2026-11-22T12:00:00Z'))).toBe('2 days ago')
})
