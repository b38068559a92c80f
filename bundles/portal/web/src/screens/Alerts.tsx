import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { modeOf, titleOf } from '../api/model'
import { KINDS, queries, type Kind } from '../api/queries'
import { useWords } from '../i18n'
import { Button } from '../ui/controls'
import { KinLine, KinTag } from '../ui/kin'
import { ModeTag, useTitle } from '../ui/mode'
import { TroubleNotice } from '../ui/notice'

export function AlertsScreen() {
  const { w, f } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const [kind, setKind] = useState<Kind>('all')
  const alerts = useInfiniteQuery({
    queryKey: [tenant, 'alerts', 'list', kind],
    queryFn: ({ pageParam }) => queries.alertPage(tenant, kind, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    // A list somebody has gone far down is not pulled from under them.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 2 ? 5_000 : false),
  })
  const rows = alerts.data?.pages.flatMap((page) => page.items) ?? []
  useTitle(w.alerts.title)
  return (
    <>
      <h1>{w.alerts.title}</h1>
      <div className="pills" role="group" aria-label={w.kin.filter}>
        {KINDS.map((each) => (
          <Button key={each} kind="quiet" size="small" className="pill" aria-pressed={kind === each} onPress={() => setKind(each)}>
            {w.kin.kinds[each]}
          </Button>
        ))}
      </div>
      {alerts.isError && <TroubleNotice trouble={alerts.error} retry={() => void alerts.refetch()} />}
      {alerts.isPending && <p className="quiet">{w.loading}</p>}
      {alerts.isSuccess && rows.length === 0 && <p className="panel">{kind === 'all' ? w.alerts.none : w.kin.noneOfKind}</p>}
      {rows.length > 0 && (
        <ul className="rows panel" aria-busy={alerts.isPlaceholderData}>
          {rows.map((alert) => (
            <li key={alert.alertId}>
              <Link to="/t/$tenant/alerts/$alert" params={{ tenant, alert: alert.alertId }} className="row row-link alert-row">
                <ModeTag mode={modeOf(alert.drill)} />
                <span className="row-main">
                  <span className="row-title">
                    {titleOf(alert)} <KinTag kind={alert.kind} follows={alert.follows} />
                  </span>
                  <span className="row-hint figures">
                    {f.day(alert.launchedAt)} · {w.alerts.recipients(f.n(alert.recipients))} · {alert.launchedBy}
                  </span>
                  <KinLine kind={alert.kind} follows={alert.follows} followUps={alert.followUps} late={alert.lateAnswers} />
                </span>
                <span className="quiet">{w.alertState[alert.state]}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {alerts.hasNextPage && (
        <p>
          <Button size="small" onPress={() => void alerts.fetchNextPage()} isDisabled={alerts.isFetchingNextPage}>
            {w.kin.more}
          </Button>
        </p>
      )}
    </>
  )
}
