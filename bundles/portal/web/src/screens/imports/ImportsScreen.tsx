import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { imports } from '../../api/contacts'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Tray } from '../../ui/icons'
import { useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { Sections } from '../contacts/Sections'
import { RunState } from './ImportRunScreen'

/** What was brought in, when and by whom; each can be looked at again. */
export function ImportsScreen() {
  const { w, f } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const may = useMay('tenant-admin', 'agency-admin')
  const runs = useQuery({ ...imports.latest(tenant), enabled: may })
  useTitle(w.imports.latest)
  return (
    <div className="room">
      <Sections tenant={tenant} title={w.imports.latest}>
        {may && (
          <Link to="/t/$tenant/contacts/import" params={{ tenant }} className="button button-primary">
            <Tray size={18} /> {w.contacts.import}
          </Link>
        )}
      </Sections>
      {!may && <Notice tone="warn" title={w.imports.mayNot} />}
      {runs.isError && <TroubleNotice trouble={runs.error} retry={() => void runs.refetch()} />}
      {may && runs.isPending && <p className="quiet">{w.loading}</p>}
      {runs.data?.items.length === 0 && <Notice tone="plain" title={w.imports.none} />}
      {runs.data && runs.data.items.length > 0 && (
        <ul className="rows panel">
          {runs.data.items.map((run) => (
            <li key={run.id}>
              <Link to="/t/$tenant/contacts/imports/$run" params={{ tenant, run: run.id }} className="row row-link import-row">
                <span className="row-main">
                  <span className="row-title">
                    <Plain>{run.fileName}</Plain>
                  </span>
                  <span className="row-hint figures">
                    {f.day(run.startedAt)} · <Plain>{run.startedBy}</Plain> · {w.imports.counts(f.n(run.added), f.n(run.changed), f.n(run.rejected))}
                  </span>
                </span>
                {run.dryRun && <span className="chip chip-small">{w.imports.dryRun}</span>}
                <RunState run={run} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
