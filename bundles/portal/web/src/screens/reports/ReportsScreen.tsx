import { useInfiniteQuery, useQuery, keepPreviousData } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { modeOf, titleOf } from '../../api/model'
import { queries } from '../../api/queries'
import { reports, type Past, type PastFilter } from '../../api/reports'
import { useWords } from '../../i18n'
import { reachedOf, WholeBar } from '../../ui/bars'
import { Button } from '../../ui/controls'
import { KinLine, KinTag } from '../../ui/kin'
import { ModeTag, useTitle } from '../../ui/mode'
import { TroubleNotice } from '../../ui/notice'
import { Pick } from '../../ui/pick'
import { Months } from './Months'
import { Plain } from '../../ui/plain'

/** What was done, month by month and one by one; and from two of them to a comparison. */
export function ReportsScreen() {
  const { w } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  useTitle(w.reports.title)
  return (
    <>
      <h1>{w.reports.title}</h1>
      <Months tenant={tenant} />
      <PastList tenant={tenant} />
    </>
  )
}

type Kind = 'all' | 'live' | 'drill'
/** More do not fit beside each other. */
const MOST_COMPARED = 4

function PastList({ tenant }: { tenant: string }) {
  const { w, f } = useWords()
  const navigate = useNavigate()
  const [kind, setKind] = useState<Kind>('all')
  const [scenario, setScenario] = useState('')
  const [since, setSince] = useState('all')
  const [chosen, setChosen] = useState<readonly number[]>([])
  const scenarios = useQuery(queries.scenarios(tenant))
  const past = useInfiniteQuery({
    queryKey: [tenant, 'reports', 'past', kind, scenario, since],
    queryFn: ({ pageParam }) => reports.past(tenant, filterOf(kind, scenario, since), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const rows = past.data?.pages.flatMap((page) => page.items) ?? []
  const toggle = (alert: number) => setChosen((now) => (now.includes(alert) ? now.filter((each) => each !== alert) : [...now, alert].slice(-MOST_COMPARED)))

  return (
    <section className="panel" aria-labelledby="reports-past">
      <h2 id="reports-past">{w.reports.past}</h2>
      <div className="filters" role="group" aria-label={w.reports.filters}>
        <div className="pills" role="group" aria-label={w.reports.kind}>
          {(['all', 'live', 'drill'] as const).map((each) => (
            <Button key={each} kind="quiet" size="small" className="pill" aria-pressed={kind === each} onPress={() => setKind(each)}>
              {w.reports.kinds[each]}
            </Button>
          ))}
        </div>
        <Pick
          label={w.reports.scenario}
          value={scenario}
          onChange={setScenario}
          options={[{ value: '', text: w.reports.anyScenario }, ...(scenarios.data?.items ?? []).map(({ slug, name }) => ({ value: slug, text: name }))]}
        />
        <Pick label={w.reports.since} value={since} onChange={setSince} options={['all', '30', '365'].map((value) => ({ value, text: w.reports.sinces[value]! }))} />
      </div>
      {past.isError && rows.length === 0 && <TroubleNotice trouble={past.error} retry={() => void past.refetch()} />}
      {past.isPending && <p className="quiet">{w.loading}</p>}
      {past.isSuccess && rows.length === 0 && (
        <p className="quiet">
          {w.reports.none} {w.reports.noneCure}
        </p>
      )}
      {rows.length > 0 && (
        <ul className="rows" aria-busy={past.isFetching}>
          {rows.map((row) => (
            <PastRow key={row.alertId} tenant={tenant} past={row} chosen={chosen.includes(row.alertId)} onChoose={() => toggle(row.alertId)} />
          ))}
        </ul>
      )}
      {rows.length > 0 && (
        <p className="people-foot quiet figures">
          {w.board.showing(f.n(rows.length))}
          {past.hasNextPage && (
            <Button size="small" onPress={() => void past.fetchNextPage()} isDisabled={past.isFetchingNextPage}>
              {w.reports.more}
            </Button>
          )}
          {rows.length > 1 && (
            <Button
              size="small"
              kind="primary"
              className="push-end"
              isDisabled={chosen.length < 2}
              onPress={() => void navigate({ to: '/t/$tenant/reports/compare', params: { tenant }, search: { of: chosen.join('.') } })}
            >
              {w.reports.compareThese(chosen.length)}
            </Button>
          )}
        </p>
      )}
    </section>
  )
}

function PastRow({ tenant, past, chosen, onChoose }: { tenant: string; past: Past; chosen: boolean; onChoose: () => void }) {
  const { w, f } = useWords()
  const totals = past.figures?.totals
  return (
    <li className="past-row">
      <input type="checkbox" className="tick-only" checked={chosen} aria-label={w.reports.pick(titleOf(past), f.day(past.launchedAt))} onChange={onChoose} />
      <Link to="/t/$tenant/reports/$alert" params={{ tenant, alert: past.alertId }} className="row-link past-main">
        <span className="past-title">
          <ModeTag mode={modeOf(past.drill)} /> <span className="row-title">{titleOf(past)}</span> <KinTag kind={past.kind} follows={past.follows} />
        </span>
        <span className="row-hint figures">
          {f.day(past.launchedAt)} · <Plain>{past.launchedBy}</Plain>
          {past.state !== 'CLOSED' && ` · ${w.alertState[past.state]}`}
        </span>
        <KinLine kind={past.kind} follows={past.follows} followUps={[]} late={past.lateAnswers} />
      </Link>
      <span className="past-figures figures">
        {totals ? (
          <>
            <WholeBar totals={totals} thin />
            <span>
              {w.reports.reachedOf(f.n(reachedOf(totals)), f.n(totals.recipients))}
              {past.figures?.answerMedian != null && <span className="quiet"> · {f.span(past.figures.answerMedian)}</span>}
            </span>
          </>
        ) : (
          <span className="quiet">{w.alerts.recipients(f.n(past.recipients))}</span>
        )}
      </span>
    </li>
  )
}

function filterOf(kind: Kind, scenario: string, since: string): PastFilter {
  return {
    ...(kind === 'all' ? {} : { drill: kind === 'drill' }),
    ...(scenario ? { scenario } : {}),
    ...(since === 'all' ? {} : { from: new Date(Date.now() - Number(since) * 86_400_000).toISOString() }),
  }
}
