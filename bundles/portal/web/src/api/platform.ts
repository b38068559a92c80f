import { queryOptions } from '@tanstack/react-query'
import type { AccountHealth, Agency, ClusterView, NodeView, RunbookView, UserView } from '#schema'
import { api, ask } from './client'

export type { AccountHealth, Agency, ClusterView, NodeView, RunbookView, UserView }

const version = (number: number) => ({ 'If-Match': `"${number}"` })

type NewPerson = { login: string; name: string; password: string }
type PersonEdit = { name: string; state: string; password?: string }

/** People without roles to choose from: those who run the platform, or an agency's own. Doors that answer with an ETag say nothing of their body. */
export type Staff = ReturnType<typeof operators>

export const operators = () => ({
  list: queryOptions({ queryKey: ['platform', 'operators'], queryFn: () => ask(api.GET('/operators')) }),
  make: (body: NewPerson) => ask(api.POST('/operators', { body })) as Promise<UserView>,
  save: (user: UserView, body: PersonEdit) => ask(api.PUT('/operators/{user}', { params: { path: { user: user.id }, header: version(user.version) }, body })) as Promise<UserView>,
})

export const agents = (agency: string): Staff => ({
  list: queryOptions({ queryKey: ['platform', 'agents', agency], queryFn: () => ask(api.GET('/agencies/{agency}/users', { params: { path: { agency } } })) }),
  make: (body: NewPerson) => ask(api.POST('/agencies/{agency}/users', { params: { path: { agency } }, body })) as Promise<unknown> as Promise<UserView>,
  save: (user: UserView, body: PersonEdit) =>
    ask(api.PUT('/agencies/{agency}/users/{user}', { params: { path: { agency, user: user.id }, header: version(user.version) }, body })) as Promise<UserView>,
})

/** What the people who run the platform ask. */
export const platform = {
  cluster: () => queryOptions({ queryKey: ['platform', 'cluster'], queryFn: () => ask(api.GET('/operators/cluster')), refetchInterval: 5_000 }),
  accounts: () => queryOptions({ queryKey: ['platform', 'accounts'], queryFn: () => ask(api.GET('/operators/accounts')), refetchInterval: 10_000 }),
  agencies: () => queryOptions({ queryKey: ['agencies'], queryFn: () => ask(api.GET('/agencies')), staleTime: 60_000 }),
  agency: (agency: string) =>
    queryOptions({ queryKey: ['agencies', agency, 'one'], queryFn: () => ask(api.GET('/agencies/{agency}', { params: { path: { agency } } })) as Promise<Agency> }),
  makeAgency: (body: { slug: string; name: string; weight: number }) => ask(api.POST('/agencies', { body })) as Promise<Agency>,
  saveAgency: (agency: Agency, body: { name: string; weight: number }) =>
    ask(api.PUT('/agencies/{agency}', { params: { path: { agency: agency.slug }, header: version(agency.version) }, body })) as Promise<Agency>,
  suspendAgency: (agency: string, reason: string) => ask(api.POST('/agencies/{agency}/suspension', { params: { path: { agency } }, body: { reason } })),
  reinstateAgency: (agency: string) => ask(api.DELETE('/agencies/{agency}/suspension', { params: { path: { agency } } })),
  runbooks: () => queryOptions({ queryKey: ['platform', 'runbooks'], queryFn: () => ask(api.GET('/operators/runbooks')), staleTime: 60_000 }),
  tenants: (agency: string, after: string | undefined) => ask(api.GET('/agencies/{agency}/tenants', { params: { path: { agency }, query: { after } } })),
  journal: (after: string | undefined) => ask(api.GET('/operators/journal', { params: { query: { order: 'newest', after, limit: 50 } } })),
  integrity: () => queryOptions({ queryKey: ['platform', 'integrity'], queryFn: () => ask(api.GET('/operators/journal/integrity')), staleTime: 60_000 }),
}
