import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { followUps } from '../../api/followUps'
import { useWords } from '../../i18n'

/** What this alert follows and what follows it: each a link to the other's board. */
export function Related({ tenant, alert }: { tenant: string; alert: number }) {
  const { w, f } = useWords()
  const links = useQuery({ ...followUps.links(tenant, alert), refetchInterval: 15_000 })
  const { of, followUps: after } = links.data ?? { of: undefined, followUps: [] }
  const all = [
    ...(of ? [{ link: of, word: w.followUp.of[of.kind] }] : []),
    ...after.map((link) => ({ link, word: w.followUp.by[link.kind] })),
  ]
  if (all.length === 0) return null
  return (
    <section className="panel" aria-labelledby="related">
      <h2 id="related">{w.followUp.related}</h2>
      <ul className="rows">
        {all.map(({ link, word }) => (
          <li key={link.alertId}>
            <Link to="/t/$tenant/alerts/$alert" params={{ tenant, alert: link.alertId }} className="row row-link">
              <span className="row-main">
                <span className="row-title">{word}</span>
                <span className="row-hint figures">
                  {link.title} · {w.followUp.when(f.day(link.launchedAt), f.n(link.recipients))}
                </span>
              </span>
              <span className="quiet">{w.alertState[link.state]}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
