import { queryOptions } from '@tanstack/react-query'
import type { Check, Document, Myself, Recorded, Refusal, Summary, Version } from '#schema'
import { draftOf, written, type Draft } from '../screens/scenarios/draft'
import { api, ask, BASE, onceKey, send } from './client'
import { Trouble, type Problem } from './trouble'
import { upload, type Watch } from './upload'

export type { Check, Document, Myself, Recorded, Refusal, Summary, Version }
export type Stored = { version: number; draft: Draft }

const path = (tenant: string, scenario: string) => ({ params: { path: { tenant, scenario } } })
const stored = (found: unknown): Stored => ({ version: (found as { version: number }).version, draft: draftOf(found as object) })

export const scenarioQueries = {
  /** As it is stored now; null: there is none under this name. */
  stored: (tenant: string, scenario: string) =>
    queryOptions({
      queryKey: [tenant, 'scenario-edited', scenario],
      queryFn: () => fetchStored(tenant, scenario),
      // What is being edited is not exchanged under anybody's hands; saving says when it is no longer the newest.
      staleTime: Infinity,
      gcTime: 0,
      refetchOnWindowFocus: false,
    }),

  versions: (tenant: string, scenario: string) =>
    queryOptions({
      queryKey: [tenant, 'scenario-versions', scenario],
      queryFn: () => ask(api.GET('/tenants/{tenant}/scenarios/{scenario}/versions', path(tenant, scenario))),
    }),

  version: (tenant: string, scenario: string, version: number) =>
    queryOptions({
      queryKey: [tenant, 'scenario-versions', scenario, version],
      queryFn: async () =>
        stored(await ask(api.GET('/tenants/{tenant}/scenarios/{scenario}/versions/{version}', { params: { path: { tenant, scenario, version } } }))),
      staleTime: Infinity,
    }),

  /** Runs as a launch would and is rolled back: not for every keystroke. */
  check: (tenant: string, scenario: string, draft: Draft) =>
    queryOptions({
      queryKey: [tenant, 'scenario-check', scenario, draft],
      queryFn: ({ signal }): Promise<Check> =>
        ask(api.POST('/tenants/{tenant}/scenarios/{scenario}/check', { ...path(tenant, scenario), body: written(draft) as never, signal })),
      staleTime: 60_000,
      gcTime: 60_000,
    }),

  recordings: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'recordings'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/recordings', { params: { path: { tenant } } })),
      staleTime: 30_000,
    }),

  documents: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'documents'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/documents', { params: { path: { tenant } } })),
      staleTime: 30_000,
    }),

  me: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'trial-contact'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/trial-contact', { params: { path: { tenant } } })),
      staleTime: 60_000,
    }),

  contacts: (tenant: string, search: string) =>
    queryOptions({
      queryKey: [tenant, 'contacts-found', search],
      queryFn: () => ask(api.GET('/tenants/{tenant}/contacts', { params: { path: { tenant }, query: { search, limit: 8 } } })),
      enabled: search.trim().length > 1,
      staleTime: 30_000,
    }),
}

export async function fetchStored(tenant: string, scenario: string): Promise<Stored | null> {
  const { data, error, response } = await api.GET('/tenants/{tenant}/scenarios/{scenario}', path(tenant, scenario))
  if (response.ok) return stored(data)
  const trouble = Trouble.of(response.status, error as Problem | undefined)
  if (trouble.kind === 'gone') return null
  throw trouble
}

/** @param version what the change is based on; 0: nothing may be there @throws Trouble `changed` when something else is there */
export async function save(tenant: string, scenario: string, draft: Draft, version: number): Promise<Stored> {
  return stored(
    await ask(
      api.PUT('/tenants/{tenant}/scenarios/{scenario}', {
        params: { path: { tenant, scenario }, header: { 'If-Match': `"${version}"` } },
        body: written(draft) as never,
      }),
    ),
  )
}

export const withdraw = (tenant: string, scenario: string) => ask(api.DELETE('/tenants/{tenant}/scenarios/{scenario}', path(tenant, scenario)))

export const sayWhoIAm = (tenant: string, contactId: number) =>
  ask(api.PUT('/tenants/{tenant}/trial-contact', { params: { path: { tenant } }, body: { contactId } }))

/** @param key the same when it is repeated after a lost answer */
export const tryOnMe = (tenant: string, scenario: string, variables: Record<string, string>, key = onceKey()) =>
  ask(
    api.POST('/tenants/{tenant}/scenarios/{scenario}/trials', {
      params: { path: { tenant, scenario }, header: { 'Idempotency-Key': key } },
      body: { variables },
    }),
  )

/** Sounds and pages are no JSON: they are fetched as they are. @throws Trouble */
async function raw(method: string, address: string, options: { body?: BodyInit; type?: string; accept: string }): Promise<Response> {
  const answer = await send(
    new Request(`${BASE}${address}`, {
      method,
      headers: { Accept: options.accept, ...(options.type ? { 'Content-Type': options.type } : {}) },
      body: options.body ?? null,
    }),
  )
  if (!answer.ok) throw Trouble.of(answer.status, (await answer.json().catch(() => undefined)) as Problem | undefined)
  return answer
}

const under = (tenant: string, ...parts: string[]) => `/tenants/${[tenant, ...parts].map(encodeURIComponent).join('/')}`

export const say = async (tenant: string, text: string, language: string): Promise<Blob> =>
  (await raw('POST', under(tenant, 'speech'), { body: JSON.stringify({ text, language }), type: 'application/json', accept: 'audio/wav' })).blob()

export const soundOf = async (tenant: string, recording: string): Promise<Blob> =>
  (await raw('GET', under(tenant, 'recordings', recording), { accept: 'audio/wav' })).blob()

/** What is worth a warning is said by the server, in English. */
export async function keepRecording(tenant: string, slug: string, name: string, sound: Blob, watch: Watch): Promise<string[]> {
  const address = `${under(tenant, 'recordings', slug)}?name=${encodeURIComponent(name)}`
  const { warnings } = await upload<{ warnings?: (string | { message?: string })[] }>('PUT', address, sound, sound.type || 'application/octet-stream', watch)
  return (warnings ?? []).map((warning) => (typeof warning === 'string' ? warning : (warning.message ?? '')))
}

export const keepDocument = (tenant: string, slug: string, name: string, pdf: Blob, watch: Watch): Promise<Document> =>
  upload('PUT', `${under(tenant, 'documents', slug)}?name=${encodeURIComponent(name)}`, pdf, 'application/pdf', watch)

export const dropDocument = (tenant: string, document: string) =>
  ask(api.DELETE('/tenants/{tenant}/documents/{document}', { params: { path: { tenant, document } } }))

export const dropRecording = (tenant: string, recording: string) =>
  ask(api.DELETE('/tenants/{tenant}/recordings/{recording}', { params: { path: { tenant, recording } } }))
