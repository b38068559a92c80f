import { queryOptions } from '@tanstack/react-query'
import type { AccountHealth, Agency, ClusterView, NodeView, RunbookView } from '#schema'
import { api, ask } from './client'

export type { AccountHealth, Agency, ClusterView, NodeView, RunbookView }

/** What the people who run the platform ask. */
export const platform = {
  cluster: () => queryOptions({ queryKey: ['platform', 'cluster'], queryFn: () => ask(api.GET('/operators/cluster')), refetchInterval: 5_000 }),
  accounts: () => queryOptions({ queryKey: ['platform', 'accounts'], queryFn: () => ask(api.GET('/operators/accounts')), refetchInterval: 10_000 }),
  agencies: () => queryOptions({ queryKey: ['agencies'], queryFn: () => ask(api.GET('/agencies')), staleTime: 60_000 }),
  runbooks: () => queryOptions({ queryKey: ['platform', 'runbooks'], queryFn: () => ask(api.GET('/operators/runbooks')), staleTime: 60_000 }),
  tenants: (agency: string, after: string | undefined) => ask(api.GET('/agencies/{agency}/tenants', { params: { path: { agency }, query: { after } } })),
  journal: (after: string | undefined) => ask(api.GET('/operators/journal', { params: { query: { order: 'newest', after, limit: 50 } } })),
  integrity: () => queryOptions({ queryKey: ['platform', 'integrity'], queryFn: () => ask(api.GET('/operators/journal/integrity')), staleTime: 60_000 }),
}
