import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { Preview } from '../../api/model'
import { useWords } from '../../i18n'
import { TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { Windowed } from '../../ui/windowed'

const ROW = 40

type Page = { items: Preview['unreachable']['first']; next?: string }
/** @property key says which launch they are of */
export type UnreachablePages = { key: readonly unknown[]; read: (after: string | undefined) => Promise<Page> }

/** Everybody no step reaches, however many: read as far as somebody scrolls, drawn as far as is in sight. */
export function EveryUnreachable({ tenant, people, pages }: { tenant: string; people: number; pages: UnreachablePages }) {
  const { w, f } = useWords()
  const all = useInfiniteQuery({
    queryKey: [tenant, 'unreachable', ...pages.key],
    queryFn: ({ pageParam }) => pages.read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    staleTime: 60_000,
  })
  const rows = all.data?.pages.flatMap((page) => page.items) ?? []
  const { fetchNextPage, hasNextPage, isFetching } = all
  const onWindow = useCallback(
    (_: number, to: number) => {
      if (to > rows.length && hasNextPage && !isFetching) void fetchNextPage()
    },
    [rows.length, hasNextPage, isFetching, fetchNextPage],
  )
  if (all.isError) return <TroubleNotice trouble={all.error} retry={() => void all.refetch()} />
  // Who was added since the check is there too; who is gone leaves no empty row once all is read.
  const known = hasNextPage || all.isPending ? Math.max(people, rows.length) : rows.length
  return (
    <div className="unreachable-all">
      <Windowed
        label={w.unreachable.list}
        row={ROW}
        rows={known}
        onWindow={onWindow}
        head={
          <span role="columnheader">
            {w.unreachable.name} <span className="quiet figures">({f.n(known)})</span>
          </span>
        }
      >
        {(index) => {
          const person = rows[index]
          return (
            <span role="cell">
              {person ? (
                <Link to="/t/$tenant/contacts/$contact" params={{ tenant, contact: person.contactId }}>
                  <Plain>{person.name}</Plain>
                </Link>
              ) : (
                <span className="quiet">{w.unreachable.reading}</span>
              )}
            </span>
          )
        }}
      </Windowed>
    </div>
  )
}
