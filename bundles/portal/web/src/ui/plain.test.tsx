import { render } from '@testing-library/react'
import { expect, test } from 'vitest'
import { piecesOf, Plain } from './plain'

test('what would be invisible or turn the rest is told apart', () => {
  expect(piecesOf('Zoë\u202Egpj.exe')).toEqual([
    { text: 'Zoë', odd: false },
    { text: 'U+202E', odd: true },
    { text: 'gpj.exe', odd: false },
  ])
  expect(piecesOf('a\u0007\u200B')).toEqual([
    { text: 'a', odd: false },
    { text: 'U+0007', odd: true },
    { text: 'U+200B', odd: true },
  ])
})

test.each(['Jean-Noël O’Brien', 'محمد', '👩‍👩‍👧', '', '名前'])('"%s" is left as it is', (text) => {
  expect(piecesOf(text).map((piece) => piece.text).join('')).toBe(text)
  expect(piecesOf(text).some((piece) => piece.odd)).toBe(false)
})

test('a name is text, whatever it looks like', () => {
  const { container } = render(<Plain>{'<img src=x onerror=alert(1)>'}</Plain>)
  expect(container.querySelector('img')).toBeNull()
  expect(container.textContent).toBe('<img src=x onerror=alert(1)>')
})
