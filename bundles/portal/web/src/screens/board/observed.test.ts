import { expect, test } from 'vitest'
import { observedOf } from './observed'

test('messages are told, and their parts beside them where they are more', () => {
  expect(observedOf({ observations: { accepted: 34, delivered: 33, retry: 0 }, messages: { accepted: 17, delivered: 17 } })).toEqual([
    { kind: 'accepted', messages: 17, parts: 34 },
    { kind: 'delivered', messages: 17, parts: 33 },
  ])
})

test('where nobody told messages from parts there is what was observed', () => {
  expect(observedOf({ observations: { accepted: 34 }, messages: {} })).toEqual([{ kind: 'accepted', messages: 34, parts: undefined }])
})
