import { expect, test } from 'vitest'
import { fr } from '../../i18n/fr'
import { emptyList, listEditOf, sameList, slugOf, summaryOf } from './draft'

test.each([
  ['Quartier bas', 'quartier-bas'],
  ["Parents d'élèves (école des Tilleuls)", 'parents-d-eleves-ecole-des-tilleuls'],
  ['Œuvres', 'oeuvres'],
  ['名簿', 'liste'],
  [`${'x'.repeat(63)} y`, 'x'.repeat(63)],
])('"%s" is %s to machines', (name, slug) => expect(slugOf(name)).toBe(slug))

test('what belongs to another kind is kept on the screen and not sent', () => {
  const draft = { ...emptyList, name: ' Nord ', kind: 'tags' as const, allTags: ['nord'], includes: ['autre'] }
  expect(listEditOf(draft)).toEqual({ name: 'Nord', kind: 'tags', allTags: ['nord'], anyTags: [], noneTags: [] })
})

test('another order of tags is the same list, another order of lists is not asked about', () => {
  const a = { ...emptyList, name: 'N', allTags: ['a', 'b'] }
  expect(sameList(a, { ...a, allTags: ['b', 'a'] })).toBe(true)
  expect(sameList(a, { ...a, allTags: ['b'] })).toBe(false)
})

test('who is in it is said in words', () => {
  const name = (slug: string) => slug.toUpperCase()
  expect(summaryOf({ ...emptyList, allTags: ['habitant'], noneTags: ['agent'] }, fr, name)).toBe('toutes : habitant · aucune : agent')
  expect(summaryOf({ ...emptyList, kind: 'nested', includes: ['a'], excludes: ['b'] }, fr, name)).toBe('réunit A · sans B')
  expect(summaryOf(emptyList, fr, name)).toBe('Tout le monde')
})
