import { expect, test } from 'vitest'
import { again, begun, isSecretName, sent, typed, type Written } from './settings'

const define = (name: string, type: 'TEXT' | 'SECRET') => ({ name, type, required: true, options: [], description: '' })
const DEFINED = [define('host', 'TEXT'), define('password', 'SECRET')]
const BEFORE = { host: 'smpp.example', password: 'secret:lab-sms', other: 'secret:hidden' }
const SEALED = { host: 'smpp.example' }
const write = (form: Written, name: string, edit: Written['secrets'][string]): Written => ({ ...form, secrets: { ...form.secrets, [name]: edit } })

test('no secret, nor its name, is put into a field', () => {
  const form = begun(BEFORE, DEFINED, [])
  expect(JSON.stringify(form)).not.toMatch(/lab-sms|hidden/)
  expect(Object.keys(form.secrets)).toEqual(['password', 'other'])
  expect(begun(SEALED, DEFINED, ['password'])).toEqual({ plain: SEALED, secrets: { password: undefined } })
})

test('what is kept goes back as it was, what is replaced is named', () => {
  const form = begun(BEFORE, DEFINED, [])
  expect(sent(form, BEFORE)).toEqual(BEFORE)
  expect(sent(write(form, 'password', { how: 'name', value: ' new-one ' }), BEFORE).password).toBe('secret:new-one')
  expect(sent({ plain: { host: ' h ', port: ' ' }, secrets: { password: { how: 'name', value: 'secret:a' } } }, {})).toEqual({ host: 'h', password: 'secret:a' })
})

test('what is typed is never among the settings, and goes as it was typed', () => {
  const form = write(begun(BEFORE, DEFINED, []), 'password', { how: 'type', value: ' Tr0ub4dor ' })
  expect(sent(form, BEFORE)).toEqual({ host: 'smpp.example', other: 'secret:hidden' })
  expect(typed(form, [])).toEqual({ password: ' Tr0ub4dor ' })
  const forgotten = write(begun(SEALED, DEFINED, ['password']), 'password', { how: 'forget' })
  expect(typed(forgotten, ['password'])).toEqual({ password: null })
  expect(sent(forgotten, SEALED)).toEqual(SEALED)
  expect(typed(begun(SEALED, DEFINED, ['password']), ['password'])).toEqual({})
})

test('what was typed for other settings is to be typed again', () => {
  const form = begun(SEALED, DEFINED, ['password'])
  const moved = { ...form, plain: { host: 'elsewhere.example' } }
  expect(again(form, SEALED, ['password'])).toEqual([])
  expect(again({ ...form, plain: { host: ' smpp.example ' } }, SEALED, ['password'])).toEqual([])
  expect(again(moved, SEALED, ['password'])).toEqual(['password'])
  expect(again({ ...form, plain: { ...form.plain, tls: 'false' } }, SEALED, ['password'])).toEqual(['password'])
  expect(again(write(moved, 'password', { how: 'type', value: 'again' }), SEALED, ['password'])).toEqual([])
  expect(again(write(moved, 'password', { how: 'name', value: 'town-sms' }), SEALED, ['password'])).toEqual([])
  expect(again(write(moved, 'password', { how: 'forget' }), SEALED, ['password'])).toEqual([])
})

test.each([
  ['lab-sms', true],
  ['Sms.2', true],
  ['p@ss word', false],
  ['-x', false],
  ['', false],
  ['a'.repeat(65), false],
])('"%s" names a secret: %s', (name, is) => expect(isSecretName(name)).toBe(is))
