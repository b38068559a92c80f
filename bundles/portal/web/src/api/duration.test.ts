import { expect, test } from 'vitest'
import { seconds } from './duration'

test.each([
  ['PT0S', 0],
  ['PT5M', 300],
  ['PT1H30M', 5400],
  ['PT26H', 93600],
  ['PT2.5S', 2.5],
])('%s lasts %d seconds', (written, expected) => expect(seconds(written)).toBe(expected))

test.each(['', 'PT', '5 min', 'P1D', 'PT-5M'])('"%s" is no duration', (written) => expect(seconds(written)).toBeNaN())
