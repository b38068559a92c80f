import { expect, test } from 'vitest'
import { changed, editOf, threeWay, type Draft } from './threeWay'

const base: Draft = {
  firstName: 'Zoë',
  lastName: 'Hébert',
  externalId: 'A1',
  language: 'fr',
  household: 'F1',
  legalBasis: 'mission de service public',
  origin: 'guichet',
  tags: ['nord'],
  endpoints: [
    { kind: 'mobile', address: '+33639980001' },
    { kind: 'email', address: 'zoe@commune.example' },
  ],
  variables: [],
  place: { latitude: '47.3936', longitude: '0.6892' },
}

test('what only one of two people changed is theirs', () => {
  const { merged, taken, conflicts } = threeWay(base, { ...base, lastName: 'Hébert-Roy' }, { ...base, tags: ['nord', 'crue'] })
  expect(conflicts).toEqual([])
  expect(taken).toEqual(['tags'])
  expect(merged).toEqual({ ...base, lastName: 'Hébert-Roy', tags: ['nord', 'crue'] })
})

test('what both changed otherwise is a question, and until it is answered mine stays', () => {
  const { merged, conflicts } = threeWay(base, { ...base, lastName: 'Roy' }, { ...base, lastName: 'Hébert-Roy', language: 'de' })
  expect(conflicts).toEqual(['lastName'])
  expect(merged.lastName).toBe('Roy')
  expect(merged.language).toBe('de')
})

test('what both changed alike is none', () => {
  expect(threeWay(base, { ...base, household: 'F2' }, { ...base, household: ' F2' }).conflicts).toEqual([])
})

test('another order of endpoints, and another kind, is a change', () => {
  expect(changed(base, { ...base, endpoints: [...base.endpoints].reverse() })).toEqual(['endpoints'])
  expect(changed(base, { ...base, endpoints: [{ ...base.endpoints[0]!, kind: 'fax' }, base.endpoints[1]!] })).toEqual(['endpoints'])
})

test('a place is one thing: half of mine and half of theirs is nowhere', () => {
  const moved = { ...base, place: { latitude: '47.4', longitude: '0.6892' } }
  const other = { ...base, place: { latitude: '47.3936', longitude: '0.7' } }
  expect(threeWay(base, moved, other).conflicts).toEqual(['place'])
  expect(threeWay(base, base, other).merged.place).toEqual(other.place)
  expect(editOf(moved).place).toEqual({ latitude: 47.4, longitude: 0.6892 })
  expect(editOf({ ...base, place: { latitude: '', longitude: '' } }).place).toBeUndefined()
})

test('lines nobody filled in are not sent', () => {
  const edit = editOf({ ...base, household: ' ', endpoints: [...base.endpoints, { kind: 'mobile', address: '  ' }], variables: [{ name: '', value: 'x' }] })
  expect(edit.household).toBeUndefined()
  expect(edit.endpoints).toHaveLength(2)
  expect(edit.variables).toEqual({})
})
