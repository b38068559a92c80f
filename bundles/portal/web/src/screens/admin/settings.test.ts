import { expect, test } from 'vitest'
import { begun, isSecretName, sent } from './settings'

const define = (name: string, type: 'TEXT' | 'SECRET') => ({ name, type, required: true, options: [], description: '' })
const DEFINED = [define('host', 'TEXT'), define('password', 'SECRET')]
const BEFORE = { host: 'smpp.example', password: 'secret:lab-sms', other: 'secret:hidden' }

test('no secret, nor its name, is put into a field', () => {
  const form = begun(BEFORE, DEFINED)
  expect(JSON.stringify(form)).not.toMatch(/lab-sms|hidden/)
  expect(Object.keys(form.secrets)).toEqual(['password', 'other'])
})

test('what is kept goes back as it was, what is replaced is named', () => {
  const form = begun(BEFORE, DEFINED)
  expect(sent(form, BEFORE)).toEqual(BEFORE)
  expect(sent({ ...form, secrets: { ...form.secrets, password: ' new-one ' } }, BEFORE).password).toBe('secret:new-one')
  expect(sent({ plain: { host: ' h ', port: ' ' }, secrets: { password: 'secret:a' } }, {})).toEqual({ host: 'h', password: 'secret:a' })
})

test.each([
  ['lab-sms', true],
  ['Sms.2', true],
  ['p@ss word', false],
  ['-x', false],
  ['', false],
  ['a'.repeat(65), false],
])('"%s" names a secret: %s', (name, is) => expect(isSecretName(name)).toBe(is))
