import type { Setting } from '../../api/admin'

/** How a secret is named in an account's settings; the secret itself is on the nodes. */
export const SECRET = 'secret:'
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/

/** What somebody wrote into a form: of a secret, only a new name; undefined keeps the one there is. */
export type Written = { plain: Record<string, string>; secrets: Record<string, string | undefined> }

export const isSecretName = (name: string): boolean => NAME.test(name)

/** A form's beginning: no secret, nor its name, is put into a field. */
export function begun(settings: Record<string, string>, definitions: readonly Setting[]): Written {
  const secret = new Set(definitions.filter((setting) => setting.type === 'SECRET').map((setting) => setting.name))
  const isSecret = (name: string, value: string) => secret.has(name) || value.startsWith(SECRET)
  return {
    plain: Object.fromEntries(Object.entries(settings).filter(([name, value]) => !isSecret(name, value))),
    secrets: Object.fromEntries(Object.entries(settings).filter(([name, value]) => isSecret(name, value)).map(([name]) => [name, undefined])),
  }
}

/** What is sent: what was left empty is left out, what was kept goes back as it was. */
export function sent(written: Written, before: Record<string, string>): Record<string, string> {
  const settings: Record<string, string> = {}
  for (const [name, value] of Object.entries(written.plain)) if (value.trim() !== '') settings[name] = value.trim()
  for (const [name, value] of Object.entries(written.secrets)) {
    if (value === undefined) {
      if (before[name] !== undefined) settings[name] = before[name]
    } else if (value.trim() !== '') settings[name] = SECRET + value.trim().replace(/^secret:/, '')
  }
  return settings
}
