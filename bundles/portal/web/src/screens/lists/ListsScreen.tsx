import { useQueries, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { directory } from '../../api/contacts'
import { queries } from '../../api/queries'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Plus } from '../../ui/icons'
import { useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { Sections } from '../contacts/Sections'
import { listDraftOf, summaryOf } from './draft'

/** Lists that are counted at once; of more, only those. */
const COUNTED = 60

export function ListsScreen() {
  const { w, f } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const mayEdit = useMay('tenant-admin', 'agency-admin')
  const mayCount = useMay('tenant-admin', 'activator', 'approver', 'supervisor', 'agency-admin')
  const lists = useQuery(queries.lists(tenant))
  const items = lists.data?.items ?? []
  const counts = useQueries({ queries: items.slice(0, mayCount ? COUNTED : 0).map(({ slug }) => directory.headCount(tenant, slug)) })
  const nameOf = (slug: string) => items.find((list) => list.slug === slug)?.name ?? slug
  // The same of each list that stands on an area: said once.
  const withoutPlace = Math.max(0, ...counts.map((count) => count.data?.withoutPlace ?? 0))
  useTitle(w.lists.title)
  return (
    <div className="room">
      <Sections tenant={tenant} title={w.lists.title} lead={<p className="quiet">{w.lists.lead}</p>}>
        {mayEdit && (
          <Link to="/t/$tenant/contacts/lists/new" params={{ tenant }} className="button button-primary">
            <Plus size={18} /> {w.lists.add}
          </Link>
        )}
      </Sections>
      {lists.isError && <TroubleNotice trouble={lists.error} retry={() => void lists.refetch()} />}
      {lists.isPending && <p className="quiet">{w.loading}</p>}
      {lists.data && items.length === 0 && (
        <Notice tone="plain" title={w.lists.none}>
          <p>{w.lists.noneCure}</p>
        </Notice>
      )}
      {items.length > 0 && (
        <ul className="rows panel">
          {items.map((list, index) => {
            const count = counts[index]
            return (
              <li key={list.slug}>
                <Link to="/t/$tenant/contacts/lists/$list" params={{ tenant, list: list.slug }} className="row row-link list-row">
                  <span className="row-main">
                    <span className="row-title">
                      <Plain>{list.name}</Plain>
                    </span>
                    <span className="row-hint">
                      {w.lists.kind[list.kind] ?? list.kind}
                      {list.kind !== 'static' && (
                        <>
                          {' · '}
                          <Plain>{summaryOf(listDraftOf(list), w, nameOf)}</Plain>
                        </>
                      )}
                    </span>
                  </span>
                  {count && (
                    <span className="list-count figures" data-empty={count.data?.people === 0 || undefined}>
                      {count.data ? w.lists.people(f.n(count.data.people), count.data.people) : count.isError ? w.lists.uncounted : w.lists.counting}
                    </span>
                  )}
                </Link>
              </li>
            )
          })}
        </ul>
      )}
      {withoutPlace > 0 && <p className="quiet">{w.lists.withoutPlace(f.n(withoutPlace), withoutPlace)}.</p>}
    </div>
  )
}
