import { queryOptions } from '@tanstack/react-query'
import type { Launch, Preview, Scenario, State } from './model'
import { api, ask } from './client'

export const KINDS = ['all', 'alert', 'drill', 'follow-up', 'trial'] as const
export type Kind = (typeof KINDS)[number]

/** What is asked of the API and how long an answer is good for. */
export const queries = {
  tenants: () => queryOptions({ queryKey: ['tenants'], queryFn: () => ask(api.GET('/tenants')), staleTime: 60_000 }),

  /** What is the matter with the platform itself; answered also while nobody can be known, for the database that knows is away. */
  state: () =>
    queryOptions({
      queryKey: ['state'],
      queryFn: ({ signal }) => ask(api.GET('/state', { signal })),
      refetchInterval: 5_000,
      retry: false,
    }),

  tenant: (tenant: string) =>
    queryOptions({
      queryKey: [tenant],
      queryFn: () => ask(api.GET('/tenants/{tenant}', { params: { path: { tenant } } })) as Promise<import('./client').Tenant>,
      staleTime: 60_000,
    }),

  channels: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'channels'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/channels', { params: { path: { tenant } } })),
      refetchInterval: 10_000,
    }),

  lists: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'lists'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/lists', { params: { path: { tenant } } })),
      staleTime: 60_000,
    }),

  scenarios: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'scenarios'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/scenarios', { params: { path: { tenant } } })),
      staleTime: 30_000,
    }),

  scenario: (tenant: string, scenario: string) =>
    queryOptions({
      queryKey: [tenant, 'scenarios', scenario],
      queryFn: () =>
        ask(api.GET('/tenants/{tenant}/scenarios/{scenario}', { params: { path: { tenant, scenario } } })) as Promise<Scenario>,
      staleTime: 30_000,
    }),

  /** Runs as a launch would and is rolled back: not for every keystroke. */
  preview: (tenant: string, launch: Launch) =>
    queryOptions({
      queryKey: [tenant, 'preview', launch],
      queryFn: ({ signal }): Promise<Preview> =>
        ask(api.POST('/tenants/{tenant}/alerts/preview', { params: { path: { tenant } }, body: launch, signal })),
      staleTime: 60_000,
      gcTime: 120_000,
    }),

  alerts: (tenant: string, limit = 50) =>
    queryOptions({
      queryKey: [tenant, 'alerts', limit],
      queryFn: () => ask(api.GET('/tenants/{tenant}/alerts', { params: { path: { tenant }, query: { limit } } })),
      refetchInterval: 5_000,
    }),

  alertPage: (tenant: string, kind: Kind, after: string | undefined, limit = 100) =>
    ask(api.GET('/tenants/{tenant}/alerts', { params: { path: { tenant }, query: { kind: kind === 'all' ? undefined : kind, after, limit } } })),

  /** Whom no step reaches, all of them: each page looks the audience up anew. */
  unreachable: (tenant: string, launch: Launch, after: string | undefined) =>
    ask(api.POST('/tenants/{tenant}/alerts/preview/unreachable', { params: { path: { tenant }, query: { after, limit: 5000 } }, body: launch })),

  status: (tenant: string, alert: number) =>
    queryOptions({
      queryKey: [tenant, 'alerts', 'status', alert],
      queryFn: () => ask(api.GET('/tenants/{tenant}/alerts/{alert}', { params: { path: { tenant, alert } } })),
    }),

  /** From the launch to now; counted when asked. */
  course: (tenant: string, alert: number) =>
    queryOptions({
      queryKey: [tenant, 'alerts', alert, 'course'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/reports/{alert}/course', { params: { path: { tenant, alert } } })),
      staleTime: Infinity,
      gcTime: 0,
    }),

  readiness: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'readiness'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/readiness', { params: { path: { tenant } } })),
      staleTime: 60_000,
    }),

  people: (tenant: string, alert: number, state: State | undefined, after: string | undefined, limit = 100) =>
    ask(
      api.GET('/tenants/{tenant}/alerts/{alert}/people', {
        params: { path: { tenant, alert }, query: { state, after, limit } },
      }),
    ),

  history: (tenant: string, alert: number, recipient: number) =>
    queryOptions({
      queryKey: [tenant, 'alerts', alert, 'person', recipient],
      queryFn: () =>
        ask(api.GET('/tenants/{tenant}/alerts/{alert}/people/{recipient}', { params: { path: { tenant, alert, recipient } } })),
      refetchInterval: 2_000,
    }),
}
