import type { Inspection, Plan } from '../../api/contacts'

/** An import as it is being prepared. */
export type ImportDraft = { file: File; inspection: Inspection; plan: Plan; run?: number }

const drafts = new Map<string, ImportDraft>()

/**
 * What is being prepared, by tenant, as long as this window lives: leaving the screen loses nothing. The file itself is kept nowhere else;
 * it is full of people.
 */
export const draftStore = {
  get: (tenant: string) => drafts.get(tenant),
  set: (tenant: string, draft: ImportDraft) => void drafts.set(tenant, draft),
  drop: (tenant: string) => void drafts.delete(tenant),
}

/** What was tried, without the people: so that a reload needs the file again, and nothing else. */
export type Tried = { plan: Plan; name: string; size: number }

export const tried = {
  keep: (tenant: string, run: number, what: Tried) => use((storage) => storage.setItem(key(tenant, run), JSON.stringify(what))),
  of: (tenant: string, run: number): Tried | undefined => {
    const kept = use((storage) => storage.getItem(key(tenant, run)))
    try {
      return kept ? (JSON.parse(kept) as Tried) : undefined
    } catch {
      return undefined
    }
  },
}

const key = (tenant: string, run: number) => `tocsin.import.${tenant}.${run}`

function use<T>(what: (storage: Storage) => T): T | undefined {
  try {
    return what(sessionStorage)
  } catch {
    return undefined
  }
}
