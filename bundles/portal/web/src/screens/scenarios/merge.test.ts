import { expect, test } from 'vitest'
import { blank, type Draft } from './draft'
import { differences, merge, wordsChanged } from './merge'

const base: Draft = {
  ...blank('Crue', 'fr'),
  lists: ['quai'],
  variables: { point: 'mairie', heure: '18 h' },
  messages: { fr: { sms: { text: 'Partez.' }, mail: { subject: 'Crue', text: 'Partez vite.' } }, en: { sms: { text: 'Leave.' } } },
}
const edited = (change: (draft: Draft) => void): Draft => {
  const draft = structuredClone(base)
  change(draft)
  return draft
}

test('nothing is different from itself, and every kind of change has its path', () => {
  expect(differences(base, structuredClone(base))).toEqual([])
  const other = edited((draft) => {
    draft.name = 'Crue rapide'
    draft.lists = []
    draft.cascade[0]!.attempts = 5
    draft.question = { choices: { '1': 'Oui' } }
    draft.call = { times: 2, retry: { busy: 'PT1M' } }
    delete draft.variables.heure
    delete draft.messages.en
    draft.messages.fr!.mail!.subject = 'Crue !'
  })
  expect(differences(base, other).map(({ path }) => path).sort()).toEqual(
    ['call', 'call.retry', 'cascade', 'lists', 'messages.en.sms.text', 'messages.fr.mail.subject', 'name', 'question.choices', 'variables.heure'].sort(),
  )
})

test('what only one touched is kept as they left it, whatever it is', () => {
  const mine = edited((draft) => (draft.messages.fr!.sms!.text = 'Partez tout de suite.'))
  const theirs = edited((draft) => {
    draft.name = 'Crue de la Loue'
    delete draft.messages.en
    delete draft.variables.heure
    draft.variables.lieu = 'gymnase'
    draft.question = { choices: { '1': 'Oui' } }
  })
  const merged = merge(base, mine, theirs)
  expect(merged.both).toEqual([])
  expect(merged.with({})).toEqual({ ...theirs, messages: { fr: { ...theirs.messages.fr, sms: { text: 'Partez tout de suite.' } } } })
})

test('what both touched is chosen, and only that', () => {
  const mine = edited((draft) => {
    draft.messages.fr!.sms!.text = 'A'
    draft.variables.point = 'gymnase'
  })
  const theirs = edited((draft) => {
    draft.messages.fr!.sms!.text = 'B'
    draft.variables.point = 'gymnase'
  })
  const merged = merge(base, mine, theirs)
  expect(merged.both).toEqual([{ path: 'messages.fr.sms.text', mine: 'A', theirs: 'B' }])
  expect(merged.with({ 'messages.fr.sms.text': 'theirs' })).toEqual(theirs)
  expect(merged.with({ 'messages.fr.sms.text': 'mine' })).toEqual(mine)
})

test('a save whose answer was lost is no conflict', () => {
  const mine = edited((draft) => (draft.name = 'Crue 2'))
  const merged = merge(base, mine, structuredClone(mine))
  expect(merged.both).toEqual([])
  expect(differences(merged.with({}), mine)).toEqual([])
})

test('words taken out and put in add up to both texts', () => {
  const [before, after] = ['Partez vite vers la mairie.', 'Partez vers le gymnase, vite.']
  const pieces = wordsChanged(before, after)
  expect(pieces.filter(({ kind }) => kind !== 'new').map(({ text }) => text).join('')).toBe(before)
  expect(pieces.filter(({ kind }) => kind !== 'gone').map(({ text }) => text).join('')).toBe(after)
  expect(wordsChanged('', 'a')).toEqual([{ kind: 'new', text: 'a' }])
})
