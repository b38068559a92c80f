import { useQuery } from '@tanstack/react-query'
import { platform, type RunbookView } from '../../api/platform'
import { useWords } from '../../i18n'
import { TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { Verdict } from '../../ui/verdict'

/** Each runbook with its last drill: how it went, how long ago, and whether it is time for another. */
export function Runbooks() {
  const { w } = useWords()
  const runbooks = useQuery(platform.runbooks())
  return (
    <section className="panel" aria-labelledby="platform-runbooks">
      <h2 id="platform-runbooks">{w.platform.section.runbooks}</h2>
      <p className="quiet">{w.runbooks.lead}</p>
      {runbooks.isError && <TroubleNotice trouble={runbooks.error} retry={() => void runbooks.refetch()} />}
      {runbooks.isPending && <p className="quiet">{w.loading}</p>}
      <ul className="rows">
        {runbooks.data?.items.map((each) => (
          <Runbook key={each.runbook} of={each} />
        ))}
      </ul>
    </section>
  )
}

function Runbook({ of: { runbook, last, lastWorked, overdue } }: { of: RunbookView }) {
  const { w, f } = useWords()
  return (
    <li className="row">
      <span className="row-main">
        <span className="row-title">{w.runbooks.name[runbook] ?? runbook}</span>
        <span className="row-hint figures">
          {last
            ? [
                last.worked ? w.runbooks.worked(f.ago(last.at), last.actor) : w.runbooks.failed(f.ago(last.at), last.actor),
                last.seconds == null ? undefined : w.runbooks.took(f.n(last.seconds)),
                !last.worked && lastWorked ? w.runbooks.before(f.ago(lastWorked)) : undefined,
              ]
                .filter(Boolean)
                .join(' · ')
            : w.runbooks.never}
        </span>
        {last?.note && (
          <span className="row-hint">
            <Plain>{last.note}</Plain>
          </span>
        )}
      </span>
      <Verdict tone={overdue ? 'warn' : 'good'}>{overdue ? w.runbooks.overdue : w.runbooks.fresh}</Verdict>
    </li>
  )
}
