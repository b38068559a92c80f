import { useQuery } from '@tanstack/react-query'
import { reports } from '../../api/reports'
import { useWords } from '../../i18n'
import { Notice, TroubleNotice } from '../../ui/notice'

/** Whether the chain holds: recomputed by the server from its first line each time it is asked. */
export function Integrity({ tenant }: { tenant: string }) {
  const { w, f } = useWords()
  const integrity = useQuery(reports.integrity(tenant))
  if (integrity.isError) return <TroubleNotice trouble={integrity.error} retry={() => void integrity.refetch()} />
  if (!integrity.data)
    return (
      <p className="quiet" role="status">
        {w.reports.checking}
      </p>
    )
  return integrity.data.whole ? (
    <Notice tone="good" title={w.reports.whole} />
  ) : (
    <Notice tone="bad" title={w.reports.broken(f.n(integrity.data.firstBroken ?? 0))} live>
      <p>{w.reports.brokenCure}</p>
    </Notice>
  )
}
