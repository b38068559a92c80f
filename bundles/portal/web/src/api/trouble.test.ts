import { expect, test } from 'vitest'
import { Trouble } from './trouble'

const PROBLEM = { type: 'urn:tocsin:problem:not-found', detail: 'Alert 7 does not exist, or is not yours' }

test.each([
  [401, undefined, 'signed-out', false],
  [403, PROBLEM, 'forbidden', false],
  [404, PROBLEM, 'gone', false],
  // a node whose API is not open yet, and what a proxy says in its place
  [404, undefined, 'unavailable', true],
  [503, 'upstream away' as never, 'unavailable', true],
  [409, PROBLEM, 'changed', false],
  [412, PROBLEM, 'changed', false],
  [422, PROBLEM, 'refused', false],
  [429, PROBLEM, 'too-much', false],
  [500, undefined, 'broken', true],
])('%d is understood', (status, problem, kind, passes) => {
  const trouble = Trouble.of(status, problem)
  expect(trouble.kind).toBe(kind)
  expect(trouble.passes).toBe(passes)
})
