import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { scenarioQueries } from '../../api/scenarios'
import { useMay, useMe } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { useTitle } from '../../ui/mode'
import { TroubleNotice } from '../../ui/notice'
import { Changes } from './Changes'
import { kept } from './kept'
import { differences } from './merge'
import { EDITS, FILES } from './ScenariosScreen'

/** Every version there was: who saved it when, what it changed, and the way back. */
export function VersionsScreen() {
  const { w, f } = useWords()
  const { tenant, scenario: slug } = useParams({ from: '/t/$tenant/scenarios/$scenario/versions' })
  const versions = useQuery(scenarioQueries.versions(tenant, slug))
  const items = versions.data?.items ?? []
  const [chosen, setChosen] = useState<number>()
  const shown = chosen ?? items[0]?.version
  useTitle(w.scenarios.versionsOf(slug))
  return (
    <div className="versions">
      <header>
        <Link to="/t/$tenant/scenarios/$scenario" params={{ tenant, scenario: slug }}>
          {w.scenarios.backToScenario}
        </Link>
        <h1>{w.scenarios.versions}</h1>
        <p className="quiet">{slug}</p>
      </header>
      {versions.isPending && <p className="quiet">{w.loading}</p>}
      {versions.isError && <TroubleNotice trouble={versions.error} retry={() => void versions.refetch()} />}
      <div className="versions-two">
        <ol className="version-list" reversed>
          {items.map((each, index) => (
            <li key={each.version}>
              <button type="button" className="version" aria-pressed={each.version === shown} onClick={() => setChosen(each.version)}>
                <span className="row-title">
                  {w.scenarios.version(each.version)}
                  {index === 0 && <span className="quiet"> · {w.scenarios.present}</span>}
                </span>
                <span className="row-hint figures">
                  {f.day(each.savedAt)} · {each.savedBy === FILES ? w.scenarios.files : each.savedBy}
                </span>
              </button>
            </li>
          ))}
        </ol>
        {shown !== undefined && <OneVersion key={shown} tenant={tenant} slug={slug} version={shown} newest={items[0]?.version ?? shown} />}
      </div>
    </div>
  )
}

function OneVersion({ tenant, slug, version, newest }: { tenant: string; slug: string; version: number; newest: number }) {
  const { w } = useWords()
  const me = useMe()
  const mayEdit = useMay(...EDITS)
  const navigate = useNavigate()
  const client = useQueryClient()
  const present = useQuery(scenarioQueries.version(tenant, slug, newest))
  const here = useQuery(scenarioQueries.version(tenant, slug, version))
  const before = useQuery({ ...scenarioQueries.version(tenant, slug, version - 1), enabled: version > 1 })
  const failed = here.error ?? before.error
  if (failed) return <TroubleNotice trouble={failed} retry={() => void Promise.all([here.refetch(), before.refetch()])} />
  if (!here.data || (version > 1 && !before.data)) return <p className="quiet">{w.loading}</p>
  const changed = before.data ? differences(before.data.draft, here.data.draft) : []
  const bringBack = () => {
    if (!present.data || !here.data) return
    // As a draft, to be looked at and saved like any other: nothing is overwritten here.
    kept.write(me.name, tenant, slug, { base: present.data.draft, version: present.data.version, draft: here.data.draft, at: new Date().toISOString() })
    client.removeQueries({ queryKey: [tenant, 'scenario-edited', slug] })
    void navigate({ to: '/t/$tenant/scenarios/$scenario', params: { tenant, scenario: slug } })
  }
  return (
    <section className="panel" aria-labelledby="version-changes">
      <h2 id="version-changes">{version > 1 ? w.scenarios.changedIn(version) : w.scenarios.firstVersion}</h2>
      {version > 1 && changed.length === 0 && <p className="quiet">{w.scenarios.noChange}</p>}
      <Changes differences={changed} />
      {mayEdit && version !== newest && (
        <div>
          <Button onPress={bringBack} isDisabled={!present.data}>
            {w.scenarios.bringBack(version)}
          </Button>
          <p className="quiet">{w.scenarios.bringBackHint}</p>
        </div>
      )}
    </section>
  )
}
