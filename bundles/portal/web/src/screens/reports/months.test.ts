import { expect, test } from 'vitest'
import { monthsUntil } from './months'

test('months are told over the turn of the year', () =>
  expect(monthsUntil(new Date('2026-02-28T23:59:59Z'), 4)).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']))

test('one month is the present one', () => expect(monthsUntil(new Date('2026-11-22T18:00:00Z'), 1)).toEqual(['2026-11']))
