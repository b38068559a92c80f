import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Entry as SaidEntry, Figures, Month, Past } from '#schema'
import { api, ask } from './client'

export type { Figures, Month, Past }
/** What a line says beside who, what and when is any JSON. */
export type Entry = Omit<SaidEntry, 'details'> & { details: Record<string, unknown> }
export type PastFilter = { drill?: boolean | undefined; scenario?: string | undefined; from?: string | undefined; to?: string | undefined }
export type JournalFilter = { actor?: string | undefined; action?: string | undefined; object?: string | undefined; objectId?: string | undefined; from?: string | undefined; to?: string | undefined }

const isOver = (past: Past | undefined) => past?.state === 'CLOSED' || past?.state === 'CANCELLED'

export const reports = {
  months: (tenant: string, months: number) =>
    queryOptions({
      queryKey: [tenant, 'reports', 'months', months],
      queryFn: () => ask(api.GET('/tenants/{tenant}/reports/months', { params: { path: { tenant }, query: { months } } })),
      staleTime: 30_000,
      placeholderData: keepPreviousData,
    }),

  past: (tenant: string, filter: PastFilter, after: string | undefined, limit = 50) =>
    ask(
      api.GET('/tenants/{tenant}/reports', {
        params: { path: { tenant }, query: { ...filter, drill: filter.drill === undefined ? undefined : String(filter.drill), after, limit } },
      }),
    ),

  of: (tenant: string, alert: number) =>
    queryOptions({
      queryKey: [tenant, 'reports', alert],
      queryFn: () => ask(api.GET('/tenants/{tenant}/reports/{alert}', { params: { path: { tenant, alert } } })),
      // Its figures are there a moment after its end.
      refetchInterval: ({ state }) => (state.data && !(isOver(state.data) && state.data.figures) ? 2_000 : false),
    }),

  said: (tenant: string, alert: number) =>
    queryOptions({
      queryKey: [tenant, 'reports', alert, 'messages'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/reports/{alert}/messages', { params: { path: { tenant, alert } } })),
      staleTime: Infinity,
    }),

  journal: (tenant: string, filter: JournalFilter, after: string | undefined, limit = 50) =>
    ask(api.GET('/tenants/{tenant}/journal', { params: { path: { tenant }, query: { order: 'newest', ...filter, after, limit } } })) as Promise<{ items: Entry[]; next?: string }>,

  integrity: (tenant: string) =>
    queryOptions({
      queryKey: [tenant, 'journal', 'integrity'],
      queryFn: () => ask(api.GET('/tenants/{tenant}/journal/integrity', { params: { path: { tenant } } })),
      staleTime: 60_000,
    }),
}

/** Reached by so many seconds after the launch: the figure of that moment, if it is kept. */
export const reachedBy = (figures: Figures | undefined, seconds: number) => figures?.reach.find((moment) => moment.seconds === seconds)
