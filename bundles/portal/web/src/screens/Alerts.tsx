import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { modeOf, titleOf } from '../api/model'
import { queries } from '../api/queries'
import { useWords } from '../i18n'
import { ModeTag, useTitle } from '../ui/mode'
import { TroubleNotice } from '../ui/notice'

export function AlertsScreen() {
  const { w, f } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const alerts = useQuery(queries.alerts(tenant, 200))
  useTitle(w.alerts.title)
  return (
    <>
      <h1>{w.alerts.title}</h1>
      {alerts.isError && <TroubleNotice trouble={alerts.error} retry={() => void alerts.refetch()} />}
      {alerts.isPending && <p className="quiet">{w.loading}</p>}
      {alerts.data?.items.length === 0 && <p className="panel">{w.alerts.none}</p>}
      {alerts.data && alerts.data.items.length > 0 && (
        <ul className="rows panel">
          {alerts.data.items.map((alert) => (
            <li key={alert.alertId}>
              <Link to="/t/$tenant/alerts/$alert" params={{ tenant, alert: alert.alertId }} className="row row-link alert-row">
                <ModeTag mode={modeOf(alert.drill)} />
                <span className="row-main">
                  <span className="row-title">{titleOf(alert)}</span>
                  <span className="row-hint figures">
                    {f.day(alert.launchedAt)} · {w.alerts.recipients(f.n(alert.recipients))} · {alert.launchedBy}
                  </span>
                </span>
                <span className="quiet">{w.alertState[alert.state]}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
