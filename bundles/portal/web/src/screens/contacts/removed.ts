import type { ContactEdit } from '../../api/contacts'

/** Somebody just deleted, with all that would bring them back. */
export type Removed = { name: string; edit: ContactEdit }

let last: (Removed & { tenant: string }) | undefined

/** Keeps who was deleted until the next screen shows it: in this window's memory, for it is personal. */
export const keepRemoved = (tenant: string, removed: Removed): void => {
  last = { ...removed, tenant }
}

export function takeRemoved(tenant: string): Removed | undefined {
  const kept = last?.tenant === tenant ? last : undefined
  if (kept) last = undefined
  return kept
}
