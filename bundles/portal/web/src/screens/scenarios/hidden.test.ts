import { expect, test } from 'vitest'
import { codeOf, marksIn, withoutControls, withoutMarks } from './hidden'

test('controls are taken out and counted; line ends are written one way', () => {
  expect(withoutControls('a\u0000b\u001bc\r\nd\re\tf')).toEqual({ text: 'abc\nd\ne\tf', controls: 2 })
  expect(withoutControls('Évacuez 👨‍👩‍👧')).toEqual({ text: 'Évacuez 👨‍👩‍👧', controls: 0 })
})

test('marks that turn or hide words are counted and taken out, joiners of emoji and scripts stay', () => {
  const text = 'sûr\u202Eté\u200B \ufeffمرحبا 👨‍👩‍👧'
  expect(marksIn(text)).toBe(3)
  expect(withoutMarks(text)).toBe('sûrté مرحبا 👨‍👩‍👧')
  expect(codeOf('\u202E')).toBe('U+202E')
})
