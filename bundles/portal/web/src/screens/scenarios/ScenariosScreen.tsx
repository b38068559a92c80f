import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { queries } from '../../api/queries'
import type { Summary } from '../../api/scenarios'
import { useMay, useMe } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Ask, Button } from '../../ui/controls'
import { Line } from '../../ui/form'
import { ChannelIcon, Check, Clock, Cross, Warning } from '../../ui/icons'
import { useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { slugOf } from './draft'
import { said } from './french'
import { kept } from './kept'

export const EDITS = ['tenant-admin', 'agency-admin'] as const
/** Who saved what came from a tenant's folder. */
export const FILES = 'files'
const TRIES = ['tenant-admin', 'activator', 'approver', 'agency-admin'] as const

/** What is prepared, whether it would leave now, and when it was last rehearsed. */
export function ScenariosScreen() {
  const { w } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const scenarios = useQuery(queries.scenarios(tenant))
  const me = useMe()
  const mayEdit = useMay(...EDITS)
  const [tried, setTried] = useState(0)
  const [naming, setNaming] = useState<{ from?: Summary } | undefined>()
  const unsaved = kept.all(me.name, tenant)
  const items = scenarios.data?.items ?? []
  useTitle(w.scenarios.title)
  return (
    <div className="scenarios">
      <header className="scenarios-head">
        <div>
          <h1>{w.scenarios.title}</h1>
          <p className="quiet">{w.scenarios.lead}</p>
        </div>
        {mayEdit && (
          <Button kind="primary" onPress={() => setNaming({})}>
            {w.scenarios.create}
          </Button>
        )}
      </header>
      {scenarios.isPending && <p className="quiet">{w.loading}</p>}
      {scenarios.isError && <TroubleNotice trouble={scenarios.error} retry={() => void scenarios.refetch()} />}
      {scenarios.data && items.length === 0 && (
        <Notice tone="plain" title={w.scenarios.none}>
          <p>{w.scenarios.noneCure}</p>
        </Notice>
      )}
      {mayEdit && <Unsaved slugs={unsaved.filter((slug) => !items.some((each) => each.slug === slug))} tenant={tenant} />}
      <ul className="scenario-rows">
        {items.map((scenario, index) => (
          <Row
            key={scenario.slug}
            tenant={tenant}
            scenario={scenario}
            unsaved={unsaved.includes(scenario.slug)}
            mayTry={index <= tried}
            onTried={() => setTried((now) => Math.max(now, index + 1))}
            onCopy={mayEdit ? () => setNaming({ from: scenario }) : undefined}
          />
        ))}
      </ul>
      {naming && <Naming tenant={tenant} from={naming.from} taken={items.map((each) => each.slug)} onClose={() => setNaming(undefined)} />}
    </div>
  )
}

/** Begun here and never saved: found again. */
function Unsaved({ slugs, tenant }: { slugs: string[]; tenant: string }) {
  const { w } = useWords()
  if (slugs.length === 0) return null
  return (
    <Notice tone="plain" title={w.scenarios.begun}>
      <ul className="notice-list">
        {slugs.map((slug) => (
          <li key={slug}>
            <Link to="/t/$tenant/scenarios/$scenario" params={{ tenant, scenario: slug }} search={{ fresh: true }}>
              {slug}
            </Link>
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function Row({
  tenant,
  scenario,
  unsaved,
  mayTry,
  onTried,
  onCopy,
}: {
  tenant: string
  scenario: Summary
  unsaved: boolean
  mayTry: boolean
  onTried: () => void
  onCopy: (() => void) | undefined
}) {
  const { w, f } = useWords()
  const tries = useMay(...TRIES)
  // One after the other: each is a launch that is rolled back.
  const preview = useQuery({ ...queries.preview(tenant, { scenario: scenario.slug, drill: false }), staleTime: 300_000, enabled: mayTry && tries })
  const done = !preview.isPending
  useEffect(() => {
    if (done) onTried()
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [done])
  const problems = preview.data?.problems ?? []
  const why = problems[0] && said(problems[0].problem, w.locale)
  const tone = !preview.data ? 'plain' : problems.length > 0 ? 'bad' : preview.data.warnings.length > 0 ? 'warn' : 'good'
  return (
    <li className="scenario-row">
      <div className="scenario-row-main">
        <h2>
          <Link to="/t/$tenant/scenarios/$scenario" params={{ tenant, scenario: scenario.slug }} className="scenario-row-link">
            {scenario.name}
          </Link>
        </h2>
        <p className="scenario-row-meta">
          <span className="scenario-category" data-category={scenario.category}>
            {w.category[scenario.category] ?? scenario.category}
          </span>
          <span className="with-icon scenario-row-channels">
            {scenario.channels.map((channel) => (
              <span key={channel} className="with-icon">
                <ChannelIcon channel={channel} size={18} />
                {w.channel[channel] ?? channel}
              </span>
            ))}
          </span>
          <span>{scenario.languages.map((language) => w.launch.language[language] ?? language).join(', ')}</span>
        </p>
        {unsaved && <p className="scenario-unsaved">{w.scenarios.unsavedHere}</p>}
      </div>
      <div className="scenario-row-state">
        <p className="tone" data-tone={tone}>
          {tone === 'plain' ? <Clock size={16} /> : tone === 'good' ? <Check size={16} /> : tone === 'warn' ? <Warning size={16} /> : <Cross size={16} />}
          <span>
            {preview.data
              ? problems.length > 0
                ? w.home.scenarioFails(problems.length)
                : w.scenarios.wouldReach(f.n(preview.data.people))
              : tries && !preview.isError
                ? w.home.verdictChecking
                : w.home.scenarioUnchecked}
          </span>
        </p>
        {why && (
          <p className="scenario-row-why" lang={why.lang}>
            {why.text}
          </p>
        )}
        <p className="quiet">
          {scenario.lastDrill ? w.scenarios.drilled(f.ago(scenario.lastDrill.at)) : w.scenarios.neverDrilled} · {w.scenarios.savedBy(scenario.savedBy === FILES ? w.scenarios.files : scenario.savedBy, f.ago(scenario.savedAt))}
        </p>
      </div>
      {onCopy && (
        <Button kind="quiet" size="small" onPress={onCopy} aria-label={`${w.scenarios.copy} : ${scenario.name}`} className="scenario-row-copy">
          {w.scenarios.copy}
        </Button>
      )}
    </li>
  )
}

/** A scenario begins with its name; what it is stored under comes of it. */
function Naming({ tenant, from, taken, onClose }: { tenant: string; from: Summary | undefined; taken: string[]; onClose: () => void }) {
  const { w } = useWords()
  const navigate = useNavigate()
  const [name, setName] = useState(from ? w.scenarios.copyOf(from.name) : '')
  const [tried, setTried] = useState(false)
  const slug = slugOf(name)
  const fault = !name.trim() ? w.scenarios.nameMissing : !slug ? w.scenarios.nameNoLetters : taken.includes(slug) ? w.scenarios.nameTaken : undefined
  return (
    <Ask open onClose={onClose} title={from ? w.scenarios.copyTitle(from.name) : w.scenarios.createTitle}>
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (fault) return
          void navigate({
            to: '/t/$tenant/scenarios/$scenario',
            params: { tenant, scenario: slug },
            search: { fresh: true, name: name.trim(), ...(from ? { from: from.slug } : {}) },
          })
        }}
      >
        <Line label={w.scenarios.name} value={name} onChange={setName} maxLength={200} autoFocus faults={tried && fault ? [{ text: fault }] : []} hint={slug ? w.scenarios.storedAs(slug) : w.scenarios.nameHint} />
        <div className="dialog-buttons">
          <Button onPress={onClose}>{w.scenarios.cancel}</Button>
          <Button kind="primary" type="submit">
            {w.scenarios.begin}
          </Button>
        </div>
      </form>
    </Ask>
  )
}
