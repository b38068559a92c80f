import { expect, test } from 'vitest'
import { whole } from './course'

const LAUNCH = 1_000_000

test('begins at the launch with nobody, whenever the screen was opened', () => {
  const seen = [{ at: LAUNCH + 100_000, reached: 40, answered: 9 }]
  const course = [
    { seconds: 30, reached: 10, answered: 0 },
    { seconds: 60, reached: 20, answered: 4 },
    { seconds: 120, reached: 41, answered: 9 },
  ]
  expect(whole(LAUNCH, course, seen)).toEqual([
    { at: LAUNCH, reached: 0, answered: 0 },
    { at: LAUNCH + 30_000, reached: 10, answered: 0 },
    { at: LAUNCH + 60_000, reached: 20, answered: 4 },
    { at: LAUNCH + 100_000, reached: 40, answered: 9 },
  ])
})

test('what the server no longer knows is not made up', () => {
  const seen = [{ at: LAUNCH + 100_000, reached: 40, answered: 9 }]
  expect(whole(LAUNCH, undefined, seen)).toEqual(seen)
  const later = { at: LAUNCH + 101_000, reached: 41, answered: 9 }
  expect(whole(LAUNCH, [], [...seen, later])).toEqual([{ at: LAUNCH, reached: 0, answered: 0 }, ...seen, later])
  expect(whole(undefined, undefined, seen)).toEqual(seen)
})
