import { expect, test } from 'vitest'
import type { ImportRun, Inspection } from '../../api/contacts'
import { csvOf } from './csv'
import { faultOf, proposed, remembered, samples, titlesOf, variableName } from './mapping'

const inspection: Inspection = {
  format: 'csv',
  encoding: 'windows-1252',
  separator: ';',
  columns: ['Réf.', 'Nom', 'Portable', 'Portable', 'Quartier'],
  mapping: { 'Réf.': 'external_id', Nom: 'last_name', Portable: 'mobile', Quartier: 'var:quartier' },
  firstRows: [
    ['1', 'Hébert', '06 39 98 00 01', '', ''],
    ['2', 'Hébert', '', '', ''],
  ],
}
const run = (id: number, state: string, mapping: Record<string, string>): ImportRun =>
  ({ id, state, mapping, source: 'habitants', fileName: 'x.csv' }) as unknown as ImportRun

test('two columns of one title are mapped together', () => {
  expect(titlesOf(inspection)).toEqual(['Réf.', 'Nom', 'Portable', 'Quartier'])
  expect(proposed(inspection)).toEqual(inspection.mapping)
})

test('what was said of the same columns last time is remembered, and of other columns not', () => {
  const same = { 'Réf.': 'external_id', Nom: 'full_name', Portable: 'mobile', Quartier: 'ignore' }
  expect(remembered(inspection, [run(3, 'failed', same), run(2, 'done', same), run(1, 'done', same)])?.id).toBe(2)
  expect(remembered(inspection, [run(1, 'done', { Nom: 'last_name' })])).toBeUndefined()
})

test('what nobody could be reached by, and what two columns give, is said before anything is sent', () => {
  expect(faultOf({ Nom: 'last_name' })).toEqual({ kind: 'noReach' })
  expect(faultOf({ Nom: 'last_name', Usage: 'last_name', Tel: 'phone' })).toEqual({ kind: 'twice', field: 'last_name' })
  expect(faultOf({ A: 'mobile', B: 'var:' })).toEqual({ kind: 'unnamed' })
  expect(faultOf({ A: 'mobile', B: 'latitude' })).toEqual({ kind: 'halfPlace' })
  expect(faultOf({ A: 'mobile', B: 'mobile', C: 'var:x', D: 'latitude', E: 'longitude' })).toBeUndefined()
})

test('samples are what is there', () => {
  expect(samples(inspection, 'Nom')).toEqual(['Hébert'])
  expect(samples(inspection, 'Quartier')).toEqual([])
})

test.each([
  ['N° de bâtiment', 'n_de_batiment'],
  ['2e étage', 'e_etage'],
  ['…', 'info'],
])('"%s" is called %s in messages', (title, name) => expect(variableName(title)).toBe(name))

test('a table of errors runs nothing in the spreadsheet that opens it', () => {
  expect(csvOf([[3, 'Nom', '=HYPERLINK("http://x";"y")'], [4, '@a', 'sans; souci']])).toBe(
    '\uFEFF3;Nom;"\'=HYPERLINK(""http://x"";""y"")"\r\n4;\'@a;"sans; souci"\r\n',
  )
})
