import { queryOptions } from '@tanstack/react-query'
import type { AccountHealth, Agency, NodeView, RunbookView } from '#schema'
import { api, ask } from './client'

export type { AccountHealth, Agency, NodeView, RunbookView }

/** What the people who run the platform ask. */
export const platform = {
  nodes: () => queryOptions({ queryKey: ['platform', 'nodes'], queryFn: () => ask(api.GET('/operators/nodes')), refetchInterval: 5_000 }),
  accounts: () => queryOptions({ queryKey: ['platform', 'accounts'], queryFn: () => ask(api.GET('/operators/accounts')), refetchInterval: 10_000 }),
  agencies: () => queryOptions({ queryKey: ['agencies'], queryFn: () => ask(api.GET('/agencies')), staleTime: 60_000 }),
  runbooks: () => queryOptions({ queryKey: ['platform', 'runbooks'], queryFn: () => ask(api.GET('/operators/runbooks')), staleTime: 60_000 }),
  tenants: (agency: string, after: string | undefined) => ask(api.GET('/agencies/{agency}/tenants', { params: { path: { agency }, query: { after } } })),
  journal: (after: string | undefined) => ask(api.GET('/operators/journal', { params: { query: { order: 'newest', after, limit: 50 } } })),
  integrity: () => queryOptions({ queryKey: ['platform', 'integrity'], queryFn: () => ask(api.GET('/operators/journal/integrity')), staleTime: 60_000 }),
}
