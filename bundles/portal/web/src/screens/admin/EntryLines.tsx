import type { Entry } from '../../api/reports'
import { useWords } from '../../i18n'
import { Plain } from '../../ui/plain'

/** Lines of the journal: who, what, when, from where; what else is in them can be opened. Whatever is shown was written by others. */
export function EntryLines({ entries }: { entries: Entry[] }) {
  const { w, f } = useWords()
  return (
    <ol className="entries">
      {entries.map((entry) => {
        const details = Object.entries(entry.details).filter(([, value]) => value !== null && value !== '')
        return (
          <li key={entry.seq} className="entry">
            <time className="entry-when figures" dateTime={entry.at}>
              {f.day(entry.at)} <span className="quiet">{f.clock(entry.at).slice(-2)} s</span>
            </time>
            <div className="entry-what">
              <p>
                <span className="row-title">{w.admin.action[entry.action] ?? entry.action}</span>{' '}
                {entry.objectType !== 'alert' && (
                  <span className="quiet">
                    <Plain>{entry.objectId}</Plain>
                  </span>
                )}
                {entry.details.onBehalf === true && <span className="behalf-tag">{w.admin.onBehalf}</span>}
              </p>
              <p className="row-hint">
                <Plain>{entry.actor.name === 'system' ? w.admin.system : entry.actor.name}</Plain> · {w.admin.door[entry.actor.door] ?? entry.actor.door}
                {entry.actor.origin && ` · ${entry.actor.origin}`}
              </p>
              {details.length > 0 && (
                <details>
                  <summary>{w.admin.details(f.n(entry.seq))}</summary>
                  <dl className="facts">
                    {details.map(([name, value]) => (
                      <div key={name}>
                        <dt>{name}</dt>
                        <dd>
                          <Plain>{typeof value === 'string' ? value : JSON.stringify(value)}</Plain>
                        </dd>
                      </div>
                    ))}
                    <div>
                      <dt>{w.admin.hash}</dt>
                      <dd>
                        <code>{entry.hash}</code>
                      </dd>
                    </div>
                  </dl>
                </details>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}
