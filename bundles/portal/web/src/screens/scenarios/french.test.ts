import { expect, test } from 'vitest'
import { said } from './french'

test.each([
  ['is missing for 2 contacts: SA-1 (Zoé A), SA-2 (B); complete the contacts, or give the variable at launch', /^manque pour 2 personne\(s\) : SA-1 \(Zoé A\), SA-2 \(B\)\./],
  ["there is no list 'quai'; there are: astreinte", /^il n’y a pas de liste «\u00a0quai\u00a0»$/],
  ['nobody is in [quai, pont]; complete the lists or choose others', /^personne n’est dans quai, pont/],
])('%s', (problem, french) => {
  expect(said(problem, 'fr-FR').text).toMatch(french)
  expect(said(problem, 'en-GB')).toEqual({ text: problem, lang: 'en' })
})

test('what is not known here stays as the server said it, marked as English', () => {
  expect(said('is something new', 'fr-FR')).toEqual({ text: 'is something new', lang: 'en' })
})
