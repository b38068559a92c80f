import type { Setting } from '../../api/admin'

/** How a secret of the nodes is named in an account's settings. */
export const SECRET = 'secret:'
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/

/** What somebody does about a secret: types it, to be kept sealed; names one that is on the nodes; has it forgotten. */
export type SecretEdit = { how: 'type' | 'name'; value: string } | { how: 'forget' }

/** What somebody wrote into a form: of a secret, undefined keeps the one there is. */
export type Written = { plain: Record<string, string>; secrets: Record<string, SecretEdit | undefined> }

export const isSecretName = (name: string): boolean => NAME.test(name)

/** A form's beginning: no secret, nor its name, is put into a field. */
export function begun(settings: Record<string, string>, definitions: readonly Setting[], sealed: readonly string[]): Written {
  const secret = new Set([...definitions.filter((setting) => setting.type === 'SECRET').map((setting) => setting.name), ...sealed])
  const isSecret = (name: string, value: string) => secret.has(name) || value.startsWith(SECRET)
  return {
    plain: Object.fromEntries(Object.entries(settings).filter(([name, value]) => !isSecret(name, value))),
    secrets: Object.fromEntries([...sealed, ...Object.entries(settings).filter(([name, value]) => isSecret(name, value)).map(([name]) => name)].map((name) => [name, undefined])),
  }
}

/** The settings that are sent: what was left empty is left out, a name that was kept goes back as it was, and nothing that was typed to be sealed. */
export function sent(written: Written, before: Record<string, string>): Record<string, string> {
  const settings: Record<string, string> = {}
  for (const [name, value] of Object.entries(written.plain)) if (value.trim() !== '') settings[name] = value.trim()
  for (const [name, edit] of Object.entries(written.secrets)) {
    if (edit === undefined) {
      if (before[name] !== undefined) settings[name] = before[name]
    } else if (edit.how === 'name' && edit.value.trim() !== '') settings[name] = SECRET + edit.value.trim().replace(/^secret:/, '')
  }
  return settings
}

/** What is sealed, as it was typed, and what is forgotten. */
export function typed(written: Written, sealed: readonly string[]): Record<string, string | null> {
  const secrets: Record<string, string | null> = {}
  for (const [name, edit] of Object.entries(written.secrets)) {
    if (edit?.how === 'type' && edit.value !== '') secrets[name] = edit.value
    if (edit?.how === 'forget' && sealed.includes(name)) secrets[name] = null
  }
  return secrets
}

/**
 * The sealed secrets that must be typed again with what is written: they were typed for the settings as they were, and would go to wherever the new
 * ones say.
 */
export function again(written: Written, before: Record<string, string>, sealed: readonly string[]): readonly string[] {
  const now = sent(written, before)
  const same = Object.keys(now).length === Object.keys(before).length && Object.entries(before).every(([name, value]) => now[name] === value)
  return same ? [] : sealed.filter((name) => now[name] === undefined && written.secrets[name] === undefined)
}
