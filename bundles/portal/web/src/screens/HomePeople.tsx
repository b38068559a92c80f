import { Link } from '@tanstack/react-router'
import type { Ready } from '#schema'
import { useMay } from '../app/Entrance'
import { useWords } from '../i18n'
import { Verdict } from '../ui/verdict'

/** From here on a quota is worth a look before it refuses something. */
const NEARLY = 0.9

type Point = 'contacts' | 'running' | 'stale' | 'nowhere' | 'failed'

/** What of the people and the quotas asks for a look. */
export function pointsOf(readiness: Ready | undefined): Point[] {
  if (!readiness) return []
  const { now } = readiness
  return [
    ...(now.contacts >= readiness.maxContacts * NEARLY ? (['contacts'] as const) : []),
    ...(now.running >= readiness.maxRunningAlerts * NEARLY ? (['running'] as const) : []),
    ...(now.stale > 0 ? (['stale'] as const) : []),
    ...(now.nowhere > 0 ? (['nowhere'] as const) : []),
    ...(now.last && now.last.failed > 0 ? (['failed'] as const) : []),
  ]
}

/** Whether the directory is fit for an alert, and how much the organisation may still do. */
export function People({ tenant, readiness }: { tenant: string; readiness: Ready }) {
  const { w, f } = useWords()
  const mayRead = useMay('tenant-admin', 'activator', 'supervisor', 'agency-admin')
  const { now } = readiness
  const points = pointsOf(readiness)
  const tone = (point: Point) => (points.includes(point) ? 'warn' : 'good')
  return (
    <div className="home-people">
      <h3>{w.home.people}</h3>
      <ul className="rows figures">
        <li className="row">
          <span className="row-main">{w.home.contacts(f.n(now.contacts), f.n(readiness.maxContacts))}</span>
          <Verdict tone={tone('contacts')} />
        </li>
        <li className="row">
          <span className="row-main">{w.home.places(f.n(now.running), f.n(readiness.maxRunningAlerts), f.n(readiness.maxRecipients))}</span>
          <Verdict tone={tone('running')} />
        </li>
        <li className="row">
          <span className="row-main">{now.stale === 0 ? w.home.fresh(readiness.staleMonths) : w.home.stale(f.n(now.stale), now.stale, readiness.staleMonths)}</span>
          <Verdict tone={tone('stale')} />
        </li>
        {now.nowhere > 0 && (
          <li className="row">
            <span className="row-main">
              {w.home.nowhere(f.n(now.nowhere), now.nowhere)}
              {mayRead && (
                <>
                  {' '}
                  <Link to="/t/$tenant/contacts" params={{ tenant }}>
                    {w.contacts.title}
                  </Link>
                </>
              )}
            </span>
            <Verdict tone={tone('nowhere')} />
          </li>
        )}
        {now.last && (
          <li>
            <Link to="/t/$tenant/reports/$alert" params={{ tenant, alert: now.last.alertId }} className="row row-link">
              <span className="row-main">
                {w.home.failedLast(f.n(now.last.failed), f.n(now.last.recipients))}
                <span className="row-hint">
                  {now.last.title} · {f.ago(now.last.endedAt)}
                </span>
              </span>
              <Verdict tone={tone('failed')} />
            </Link>
          </li>
        )}
      </ul>
    </div>
  )
}
