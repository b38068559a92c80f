import { expect, test } from 'vitest'
import { count, graphemes, gsmSafe } from './sms'

test.each([
  ['', 'GSM-7', 0, 0],
  ['a'.repeat(160), 'GSM-7', 160, 1],
  ['a'.repeat(161), 'GSM-7', 161, 2],
  ['a'.repeat(306), 'GSM-7', 306, 2],
  ['a'.repeat(307), 'GSM-7', 307, 3],
  ['€'.repeat(80), 'GSM-7', 160, 1],
  ['€'.repeat(81), 'GSM-7', 162, 2],
  ['ê' + 'a'.repeat(69), 'UCS-2', 70, 1],
  ['ê' + 'a'.repeat(70), 'UCS-2', 71, 2],
  // A character beyond the first plane is two code units.
  ['😀'.repeat(35), 'UCS-2', 70, 1],
  ['😀'.repeat(36), 'UCS-2', 72, 2],
])('%s is counted as a carrier does', (text, encoding, units, parts) => {
  expect(count(text)).toMatchObject({ encoding, units, parts })
})

test('names what makes it long, each once', () => {
  expect(count('Évacuez l’île, l’été. 👨‍👩‍👧').foreign).toEqual(['’', 'î', '👨‍👩‍👧'])
})

test('an emoji is one character, with all it is joined of', () => {
  expect(graphemes('a👨‍👩‍👧é')).toEqual(['a', '👨‍👩‍👧', 'é'])
})

test.each([
  ['Évacuez l’île : « vite » … 10 – 12', 'Évacuez l\'ile : " vite " ... 10 - 12'],
  ['cœur, ça, naïf, forêt', 'coeur, ca, naif, foret'],
  ['Łódź', 'Lodz'],
  ['e\u0301', 'é'],
  ['Feu 🔥 ici', 'Feu ici'],
  ['{{point_rassemblement}} à 18 h', '{{point_rassemblement}} à 18 h'],
])('%s has a cheap way to be written', (text, safe) => {
  expect(gsmSafe(text)).toBe(safe)
  expect(count(gsmSafe(text)).encoding).toBe('GSM-7')
})
