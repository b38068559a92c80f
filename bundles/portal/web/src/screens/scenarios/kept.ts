import type { Draft } from './draft'

/** What somebody typed and has not saved: on this computer, for them alone, until it is saved or thrown away. */
export type Kept = { base: Draft | null; version: number; draft: Draft; at: string }

const keyOf = (login: string, tenant: string, slug: string) => `tocsin.draft.${login}.${tenant}.${slug}`

export const kept = {
  read(login: string, tenant: string, slug: string): Kept | undefined {
    try {
      const found = JSON.parse(localStorage.getItem(keyOf(login, tenant, slug)) ?? 'null') as Kept | null
      return found?.draft && typeof found.version === 'number' && found.draft.messages ? found : undefined
    } catch {
      return undefined
    }
  },
  /** @return whether the browser keeps it */
  write(login: string, tenant: string, slug: string, what: Kept): boolean {
    try {
      localStorage.setItem(keyOf(login, tenant, slug), JSON.stringify(what))
      return true
    } catch {
      return false
    }
  },
  forget(login: string, tenant: string, slug: string): void {
    try {
      localStorage.removeItem(keyOf(login, tenant, slug))
    } catch {
      // what could not be kept is not there
    }
  },
  /** Slugs that have something unsaved here. */
  all(login: string, tenant: string): string[] {
    try {
      const start = keyOf(login, tenant, '')
      return Object.keys(localStorage).filter((key) => key.startsWith(start)).map((key) => key.slice(start.length))
    } catch {
      return []
    }
  },
}
