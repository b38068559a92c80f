import { expect, test } from 'vitest'
import { weightOf } from './weight'

test.each([
  ['1', 1],
  [' 100 ', 100],
  ['0', undefined],
  ['101', undefined],
  ['', undefined],
  ['1.5', undefined],
  ['1e1', undefined],
  ['-3', undefined],
])('"%s" as a weight', (text, weight) => expect(weightOf(text)).toBe(weight))
