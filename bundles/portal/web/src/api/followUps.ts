import { queryOptions } from '@tanstack/react-query'
import type { Draft, FollowUp, Links } from '#schema'
import { api, ask, type Alert } from './client'

export type { Draft, FollowUp, Links }
export type FollowUpKind = 'correction' | 'all-clear'

/** What follows an alert, and what it follows. */
export const followUps = {
  links: (tenant: string, alert: number) =>
    queryOptions({
      queryKey: [tenant, 'alerts', alert, 'follow-ups'],
      queryFn: (): Promise<Links> => ask(api.GET('/tenants/{tenant}/alerts/{alert}/follow-ups', { params: { path: { tenant, alert } } })),
      staleTime: 10_000,
    }),

  /** Runs as a launch would and is rolled back: not for every keystroke. */
  draft: (tenant: string, alert: number, body: FollowUp) =>
    queryOptions({
      queryKey: [tenant, 'follow-up', alert, body],
      queryFn: ({ signal }): Promise<Draft> =>
        ask(api.POST('/tenants/{tenant}/alerts/{alert}/follow-ups/preview', { params: { path: { tenant, alert } }, body, signal })),
      staleTime: 30_000,
      gcTime: 120_000,
    }),

  unreachable: (tenant: string, alert: number, body: FollowUp, after: string | undefined) =>
    ask(
      api.POST('/tenants/{tenant}/alerts/{alert}/follow-ups/preview/unreachable', {
        params: { path: { tenant, alert }, query: { after, limit: 5000 } },
        body,
      }),
    ),

  launch: (tenant: string, alert: number, body: FollowUp, key: string): Promise<Alert> =>
    ask(
      api.POST('/tenants/{tenant}/alerts/{alert}/follow-ups', { params: { path: { tenant, alert }, header: { 'Idempotency-Key': key } }, body }),
    ) as unknown as Promise<Alert>,
}
