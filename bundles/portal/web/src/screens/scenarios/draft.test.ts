import { expect, test } from 'vitest'
import { blank, channelsOf, draftOf, filled, isoOf, kindOf, languagesOf, meantBy, placesIn, slugOf, written, type Draft } from './draft'

const draft: Draft = {
  ...blank('Crue', 'fr'),
  variables: { point: 'Salle des fêtes', heure: '' },
  messages: { fr: { sms: { text: 'Allez {{ point }} à {{heure}} {{name}} {{heur}}' } }, en: { sms: { text: '' } } },
}

test('what was left empty is not sent, but for the language of everybody else', () => {
  expect(written({ ...draft, call: { times: 2 }, question: { choices: {} } })).toEqual({ ...draft, messages: { fr: draft.messages.fr } })
  expect(written(blank('Crue', 'fr')).messages).toEqual({ fr: { sms: { text: '' } } })
})

test('the server’s scenario becomes a draft without what is the server’s', () => {
  expect(draftOf({ slug: 'crue', version: 3, name: 'Crue', cascade: [] })).toEqual({ name: 'Crue', cascade: [], lists: [], variables: {}, messages: {} })
})

test('places are found and told apart by where they come from', () => {
  expect(placesIn(draft.messages.fr!.sms!.text, undefined)).toEqual(['point', 'heure', 'name', 'heur'])
  expect(['point', 'heure', 'name', 'heur', 'recording.maire'].map((place) => kindOf(place, draft))).toEqual(['value', 'given', 'platform', 'unknown', 'kept'])
  expect(meantBy('heur', ['heure', 'point'])).toBe('heure')
  expect(meantBy('rue', ['point'])).toBeUndefined()
})

test('values are filled in; what only a person has stays', () => {
  expect(filled('{{title}} : {{point}}, {{heure}}, {{name}}', draft)).toBe('Crue : Salle des fêtes, {{heure}}, {{name}}')
})

test('channels in the order of the cascade, languages with everybody else’s first', () => {
  expect(channelsOf({ ...draft, cascade: [{ channel: 'voice', patience: 'PT5M', attempts: 1, until: 'delivered' }] })).toEqual(['voice', 'sms'])
  expect(languagesOf({ ...draft, 'fallback-language': 'en' })).toEqual(['en', 'fr'])
})

test.each([[30, 'PT30S'], [300, 'PT5M'], [90, 'PT1M30S'], [5400, 'PT1H30M']])('%d seconds are %s', (seconds, iso) => expect(isoOf(seconds)).toBe(iso))

test.each([
  ['Inondation — évacuation du quartier bas', 'inondation-evacuation-du-quartier-bas'],
  ['Cœur de ville', 'coeur-de-ville'],
  ['<script>', 'script'],
  ['…', ''],
  ['a'.repeat(80), 'a'.repeat(64)],
])('%s is stored under %s', (name, slug) => expect(slugOf(name)).toBe(slug))
