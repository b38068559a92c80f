import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Contact, ContactEdit, ContactList, HouseholdMember, ImportRun, Inspection, ListEdit } from '#schema'
import { api, ask } from './client'
import { upload, type Watch } from './upload'

export type { Contact, ContactEdit, ContactList, Endpoint, HeadCount, ImportRun, Inspection, ListEdit, RowError, TagCount } from '#schema'

/** A contact with the others of its household, as one is answered alone. */
export type Person = Contact & { householdMembers: HouseholdMember[] }

/** What contacts are asked for; nothing: all of them. */
export type Asked = { search?: string | undefined; tag?: string | undefined; list?: string | undefined }

/** Contacts asked for at a time while a table is scrolled. */
export const WINDOW = 100

/** What contacts are, how they are found, and what is done with them. */
export const directory = {
  count: (tenant: string, asked: Asked) =>
    queryOptions({
      queryKey: [tenant, 'contacts', 'count', asked],
      queryFn: ({ signal }) => ask(api.GET('/tenants/{tenant}/contact-count', { params: { path: { tenant }, query: asked }, signal })),
      placeholderData: keepPreviousData,
      staleTime: 30_000,
    }),

  /** @param window which hundred, by name */
  window: (tenant: string, asked: Asked, window: number) =>
    queryOptions({
      queryKey: [tenant, 'contacts', 'window', asked, window],
      queryFn: ({ signal }) =>
        ask(api.GET('/tenants/{tenant}/contacts', { params: { path: { tenant }, query: { ...asked, skip: window * WINDOW, limit: WINDOW } }, signal })),
      staleTime: 30_000,
      gcTime: 120_000,
    }),

  /** The first few who meet a search. */
  some: (tenant: string, asked: Asked, limit = 20) =>
    queryOptions({
      queryKey: [tenant, 'contacts', 'some', asked, limit],
      queryFn: ({ signal }) => ask(api.GET('/tenants/{tenant}/contacts', { params: { path: { tenant }, query: { ...asked, skip: 0, limit } }, signal })),
      staleTime: 15_000,
    }),

  tags: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'contacts', 'tags'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/tags', { params: { path: { tenant } } })),
      staleTime: 60_000,
    }),

  person: (tenant: string, contact: number) =>
    queryOptions({
      queryKey: [tenant, 'contacts', 'person', contact],
      queryFn: () => ask(api.GET('/tenants/{tenant}/contacts/{contact}', { params: { path: { tenant, contact } } })) as Promise<Person>,
    }),

  create: (tenant: string, edit: ContactEdit) => ask(api.POST('/tenants/{tenant}/contacts', { params: { path: { tenant } }, body: edit })) as Promise<Person>,

  /** @throws Trouble 'changed' if somebody else saved another version meanwhile */
  save: (tenant: string, contact: number, version: number, edit: ContactEdit) =>
    ask(
      api.PUT('/tenants/{tenant}/contacts/{contact}', { params: { path: { tenant, contact }, header: { 'If-Match': `"${version}"` } }, body: edit }),
    ) as Promise<Person>,

  remove: (tenant: string, contact: number) => ask(api.DELETE('/tenants/{tenant}/contacts/{contact}', { params: { path: { tenant, contact } } })),

  list: (tenant: string, list: string) =>
    queryOptions({
      queryKey: [tenant, 'lists', list],
      queryFn: () => ask(api.GET('/tenants/{tenant}/lists/{list}', { params: { path: { tenant, list } } })),
    }),

  headCount: (tenant: string, list: string) =>
    queryOptions({
      queryKey: [tenant, 'lists', list, 'count'],
      queryFn: ({ signal }) => ask(api.POST('/tenants/{tenant}/head-count', { params: { path: { tenant } }, body: { lists: [list] }, signal })),
      staleTime: 60_000,
    }),

  /** How many a list would hold if it were saved so. */
  draftCount: (tenant: string, draft: ListEdit) =>
    queryOptions({
      queryKey: [tenant, 'lists', 'draft', draft],
      queryFn: ({ signal }) => ask(api.POST('/tenants/{tenant}/head-count', { params: { path: { tenant } }, body: { draft }, signal })),
      placeholderData: keepPreviousData,
      staleTime: 30_000,
      gcTime: 60_000,
    }),

  /** @param version of the list it replaces; none: there must be no list of this slug yet */
  saveList: (tenant: string, list: string, edit: ListEdit, version?: number): Promise<ContactList> =>
    ask(
      api.PUT('/tenants/{tenant}/lists/{list}', {
        params: { path: { tenant, list }, header: version === undefined ? { 'If-None-Match': '*' } : { 'If-Match': `"${version}"` } },
        body: edit,
      }),
    ),

  deleteList: (tenant: string, list: string) => ask(api.DELETE('/tenants/{tenant}/lists/{list}', { params: { path: { tenant, list } } })),

  changeMembers: (tenant: string, list: string, change: { add?: string[]; remove?: string[] }) =>
    ask(api.POST('/tenants/{tenant}/lists/{list}/members', { params: { path: { tenant, list } }, body: change })),
}

/** Whatever the file is, the server finds out. */
const BYTES = 'application/octet-stream'

/** What an import does with a file. */
export type Plan = {
  source: string
  mapping: Record<string, string>
  removeMissing: boolean
  /** Allows a delta sync to remove whatever share of the source; undefined: the API's own guard. */
  maxRemovedPercent?: number | undefined
  legalBasis: string
  language: string
  tags: string[]
}

export const imports = {
  limits: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'imports', 'limits'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/imports/limits', { params: { path: { tenant } } })),
      staleTime: Infinity,
    }),

  latest: (tenant: string, limit = 100) =>
    queryOptions({
      queryKey: [tenant, 'imports', 'latest', limit],
      queryFn: () => ask(api.GET('/tenants/{tenant}/imports', { params: { path: { tenant }, query: { limit } } })),
      refetchInterval: 10_000,
    }),

  run: (tenant: string, run: number) =>
    queryOptions({
      queryKey: [tenant, 'imports', run],
      queryFn: () => ask(api.GET('/tenants/{tenant}/imports/{import}', { params: { path: { tenant, import: run } } })),
      refetchInterval: (query) => (query.state.data && !isOpen(query.state.data) ? false : 700),
    }),

  errors: (tenant: string, run: number, after: string | undefined, limit = 200) =>
    ask(api.GET('/tenants/{tenant}/imports/{import}/errors', { params: { path: { tenant, import: run }, query: { after, limit } } })),

  inspect: (tenant: string, file: File, watch: Watch) =>
    upload<Inspection>('POST', `/tenants/${encodeURIComponent(tenant)}/imports/inspection?${new URLSearchParams({ fileName: file.name }).toString()}`, file, BYTES, watch),

  start: (tenant: string, file: File, plan: Plan, dryRun: boolean, watch: Watch) => {
    const query = new URLSearchParams({
      fileName: file.name,
      source: plan.source,
      mapping: JSON.stringify(plan.mapping),
      dryRun: String(dryRun),
      removeMissing: String(plan.removeMissing),
      language: plan.language,
      legalBasis: plan.legalBasis,
    })
    if (plan.maxRemovedPercent !== undefined) query.set('maxRemovedPercent', String(plan.maxRemovedPercent))
    plan.tags.forEach((tag) => query.append('tag', tag))
    return upload<ImportRun>('POST', `/tenants/${encodeURIComponent(tenant)}/imports?${query.toString()}`, file, BYTES, watch)
  },

  rollback: (tenant: string, run: number) => ask(api.POST('/tenants/{tenant}/imports/{import}/rollback', { params: { path: { tenant, import: run } } })),
}

export const isOpen = (run: ImportRun): boolean => run.state === 'queued' || run.state === 'running'
