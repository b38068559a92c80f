import { useQueries, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { Alert, Summary } from '../api/client'
import { modeOf, titleOf } from '../api/model'
import { queries } from '../api/queries'
import { useMay } from '../app/Entrance'
import { useWords } from '../i18n'
import { reachedOf, WholeBar } from '../ui/bars'
import { ChannelIcon, Check, Clock, Warning } from '../ui/icons'
import { ModeTag, useTitle } from '../ui/mode'
import { TroubleNotice } from '../ui/notice'
import { Verdict } from '../ui/verdict'
import { People, pointsOf } from './HomePeople'

/** Scenarios that home tries out: each is a launch that is rolled back. */
const TRIED = 12

/** Three questions, answered. */
export function HomeScreen() {
  const { w } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const mayLaunch = useMay('activator', 'agency-admin')
  const alerts = useQuery(queries.alerts(tenant))
  useTitle(w.home.title)
  return (
    <div className="home">
      <h1 className="unseen">{w.home.title}</h1>
      {alerts.isError && <TroubleNotice trouble={alerts.error} retry={() => void alerts.refetch()} />}
      <RunningNow tenant={tenant} alerts={alerts.data?.items} />
      <Ready tenant={tenant} />
      <Drilled tenant={tenant} alerts={alerts.data?.items} mayLaunch={mayLaunch} />
    </div>
  )
}

const isOpen = (alert: Alert) => alert.state === 'RUNNING' || alert.state === 'PAUSED'

function RunningNow({ tenant, alerts }: { tenant: string; alerts: Alert[] | undefined }) {
  const { w, f } = useWords()
  const open = (alerts ?? []).filter(isOpen)
  const last = (alerts ?? []).find((alert) => alert.endedAt)
  return (
    <section className="panel home-running" aria-labelledby="home-running">
      <h2 id="home-running">{w.home.running}</h2>
      {alerts === undefined ? (
        <p className="quiet">{w.loading}</p>
      ) : open.length === 0 ? (
        <div className="home-calm">
          <p className="verdict">
            <span className="verdict-sign" data-tone="good">
              <Check size={26} />
            </span>
            {w.home.nothing}
          </p>
          {last?.endedAt && <p className="quiet">{w.home.nothingSince(f.ago(last.endedAt))}</p>}
        </div>
      ) : (
        <ul className="rows">
          {open.map((alert) => (
            <OpenAlert key={alert.alertId} tenant={tenant} alert={alert} />
          ))}
        </ul>
      )}
    </section>
  )
}

function OpenAlert({ tenant, alert }: { tenant: string; alert: Alert }) {
  const { w, f } = useWords()
  const status = useQuery({ ...queries.status(tenant, alert.alertId), refetchInterval: 2_000 })
  const totals = status.data?.totals
  return (
    <li>
      <Link to="/t/$tenant/alerts/$alert" params={{ tenant, alert: alert.alertId }} className="row row-link open-alert">
        <span className="row-main">
          <ModeTag mode={modeOf(alert.drill)} /> <span className="row-title">{titleOf(alert)}</span>
        </span>
        {totals && <WholeBar totals={totals} thin />}
        <span className="quiet figures">
          {totals ? w.home.reached(f.n(reachedOf(totals)), f.n(totals.recipients)) : w.alertState[alert.state]} · {f.ago(alert.launchedAt)}
        </span>
      </Link>
    </li>
  )
}

function Ready({ tenant }: { tenant: string }) {
  const { w, f } = useWords()
  const mayPreview = useMay('activator', 'approver', 'agency-admin')
  const channels = useQuery(queries.channels(tenant))
  const scenarios = useQuery(queries.scenarios(tenant))
  const tried = useQueries({
    queries: (scenarios.data?.items ?? []).slice(0, mayPreview ? TRIED : 0).map((scenario) => ({
      ...queries.preview(tenant, { scenario: scenario.slug, drill: false }),
      staleTime: 300_000,
    })),
  })
  const readiness = useQuery(queries.readiness(tenant))
  const checking = channels.isPending || scenarios.isPending || readiness.isPending || tried.some((each) => each.isPending)
  const points =
    pointsOf(readiness.data).length +
    (channels.data?.items ?? []).filter((channel) => channel.state !== 'UP').length +
    tried.filter((each) => each.isError || (each.data?.problems.length ?? 0) > 0).length +
    (channels.data?.items.length === 0 ? 1 : 0) +
    (scenarios.data?.items.length === 0 ? 1 : 0)
  const failed = channels.error ?? scenarios.error
  return (
    <section className="panel home-ready" aria-labelledby="home-ready">
      <h2 id="home-ready">{w.home.ready}</h2>
      {failed ? (
        <TroubleNotice trouble={failed} retry={() => void Promise.all([channels.refetch(), scenarios.refetch()])} />
      ) : (
        <p className="verdict" role="status">
          <span className="verdict-sign" data-tone={checking ? 'plain' : points === 0 ? 'good' : 'warn'}>
            {checking ? <Clock size={26} /> : points === 0 ? <Check size={26} /> : <Warning size={26} />}
          </span>
          {checking ? w.home.verdictChecking : points === 0 ? w.home.verdictReady : w.home.verdictPoints(points)}
        </p>
      )}
      <div className="home-columns">
        <div>
          <h3>{w.home.channels}</h3>
          {channels.data?.items.length === 0 && <p className="quiet">{w.home.noChannel}</p>}
          <ul className="rows">
            {channels.data?.items.map((channel) => (
              <li key={channel.channel} className="row">
                <ChannelIcon channel={channel.channel} />
                <span className="row-main">
                  {w.channel[channel.channel] ?? channel.channel}
                  {channel.details.length > 0 && (
                    <span className="row-hint" lang="en">
                      {channel.details.join(' · ')}
                    </span>
                  )}
                </span>
                <span className="quiet figures">
                  {channel.lines != null ? w.home.channelLines(f.n(channel.lines)) : channel.accounts > 1 ? w.home.channelUp(channel.up, channel.accounts) : ''}
                </span>
                <Verdict tone={channel.state === 'UP' ? 'good' : channel.state === 'DEGRADED' ? 'warn' : 'bad'}>{w.channelState[channel.state]}</Verdict>
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h3>{w.home.scenarios}</h3>
          {scenarios.data?.items.length === 0 && <p className="quiet">{w.home.noScenario}</p>}
          <ul className="rows">
            {scenarios.data?.items.map((scenario, index) => {
              const preview = tried[index]
              const problems = preview?.data?.problems.length ?? 0
              const warnings = preview?.data?.warnings.length ?? 0
              return (
                <li key={scenario.slug}>
                  <Link to="/t/$tenant/launch/$scenario" params={{ tenant, scenario: scenario.slug }} className="row row-link">
                    <span className="row-main">
                      <span className="row-title">{scenario.name}</span>
                      <span className="row-hint figures">
                        {preview?.data
                          ? problems > 0
                            ? w.home.scenarioFails(problems)
                            : w.home.scenarioReady(f.n(preview.data.people)) + (warnings > 0 ? ` · ${w.home.scenarioWarns(warnings)}` : '')
                          : preview?.isPending
                            ? w.home.verdictChecking
                            : w.home.scenarioUnchecked}
                      </span>
                    </span>
                    {preview?.data && <Verdict tone={problems > 0 ? 'bad' : 'good'} />}
                  </Link>
                </li>
              )
            })}
          </ul>
        </div>
      </div>
      {readiness.data && <People tenant={tenant} readiness={readiness.data} />}
    </section>
  )
}

function Drilled({ tenant, alerts, mayLaunch }: { tenant: string; alerts: Alert[] | undefined; mayLaunch: boolean }) {
  const { w, f } = useWords()
  const scenarios = useQuery(queries.scenarios(tenant))
  // What somebody tried on themselves is an exercise too, but no rehearsal: the scenarios know which is.
  const rehearsals = new Set((scenarios.data?.items ?? []).map((scenario) => scenario.lastDrill?.alertId))
  const last = (alerts ?? []).find((alert) => alert.drill && !isOpen(alert) && rehearsals.has(alert.alertId))
  const status = useQuery({ ...queries.status(tenant, last?.alertId ?? 0), enabled: last !== undefined })
  const never: Summary[] = (scenarios.data?.items ?? []).filter((scenario) => !scenario.lastDrill)
  return (
    <section className="panel home-drilled" aria-labelledby="home-drilled">
      <h2 id="home-drilled">{w.home.drilled}</h2>
      {last ? (
        <Link to="/t/$tenant/alerts/$alert" params={{ tenant, alert: last.alertId }} className="row row-link open-alert">
          <span className="row-main row-title">{titleOf(last)}</span>
          {status.data && <WholeBar totals={status.data.totals} thin />}
          <span className="quiet figures">
            {f.ago(last.launchedAt)}
            {status.data && ` · ${w.home.drillResult(f.n(status.data.totals.answered), f.n(status.data.totals.recipients))}`}
          </span>
        </Link>
      ) : (
        alerts &&
        scenarios.data?.items.length === never.length && (
          <>
            <p>{w.home.neverDrilled}</p>
            <p className="quiet">{w.home.neverDrilledCure}</p>
          </>
        )
      )}
      {never.length > 0 && (
        <>
          <h3>{w.home.neverFor}</h3>
          <ul className="rows">
            {never.map((scenario) => (
              <li key={scenario.slug} className="row">
                <span className="row-main">{scenario.name}</span>
                {mayLaunch && (
                  <Link
                    to="/t/$tenant/launch/$scenario"
                    params={{ tenant, scenario: scenario.slug }}
                    search={{ mode: 'drill' }}
                    aria-label={`${w.home.drillNow} : ${scenario.name}`}
                  >
                    {w.home.drillNow}
                  </Link>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
