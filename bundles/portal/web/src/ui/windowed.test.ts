import { expect, test } from 'vitest'
import { mostRows, visible } from './windowed'

test('only what is in sight is drawn, with some to spare', () => {
  expect(visible(0, 600, 60, 100_000)).toEqual({ from: 0, to: 18 })
  expect(visible(60 * 50_000, 600, 60, 100_000)).toEqual({ from: 49_992, to: 50_018 })
  expect(visible(60 * 99_990, 600, 60, 100_000)).toEqual({ from: 99_982, to: 100_000 })
})

test('a table that shrank under a scrolled window draws nothing that is not there', () => {
  const { from, to } = visible(60 * 5000, 600, 60, 3)
  expect(to - from).toBeLessThanOrEqual(3)
  expect(to).toBe(3)
})

test('a hundred thousand people can be scrolled through', () => expect(mostRows(60)).toBeGreaterThan(250_000))
