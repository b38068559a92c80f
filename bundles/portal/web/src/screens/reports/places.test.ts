import { expect, test } from 'vitest'
import { piecesOf } from './places'

test('what the launch filled in is said, what is each person’s own is named', () =>
  expect(piecesOf('{{name}} : {{ motif }}.', { motif: 'crue {{name}}' })).toEqual([
    { text: 'name', kind: 'own' },
    { text: ' : ', kind: 'words' },
    { text: 'crue {{name}}', kind: 'filled' },
    { text: '.', kind: 'words' },
  ]))

test('names that every object has are no values', () => expect(piecesOf('{{constructor}}', {})).toEqual([{ text: 'constructor', kind: 'own' }]))
