import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useDeferredValue, useMemo, useState } from 'react'
import { api, ask, type Alert } from '../../api/client'
import type { Launch, Mode, Scenario } from '../../api/model'
import { queries } from '../../api/queries'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Choices, Field } from '../../ui/controls'
import { ModeIcon, Right } from '../../ui/icons'
import { Moded, useTitle } from '../../ui/mode'
import { Announce, Notice, TroubleNotice } from '../../ui/notice'
import { AudiencePicker } from './AudiencePicker'
import { CheckSheet } from './CheckSheet'
import { HoldBar, useSending } from './HoldBar'
import { useSettled } from './settled'

const MAY = ['activator', 'agency-admin'] as const

/** First action: the scenario. */
export function ChooseScreen() {
  const { w } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const scenarios = useQuery(queries.scenarios(tenant))
  const may = useMay(...MAY)
  useTitle(w.launch.title)
  return (
    <div className="launch">
      <LaunchHead step={0} title={w.launch.choose} lead={w.launch.chooseLead} />
      {!may && (
        <Notice tone="warn" title={w.launch.mayNot}>
          <p>{w.launch.mayNotCure}</p>
        </Notice>
      )}
      {scenarios.isPending && <p className="quiet">{w.loading}</p>}
      {scenarios.isError && <TroubleNotice trouble={scenarios.error} retry={() => void scenarios.refetch()} />}
      {scenarios.data?.items.length === 0 && (
        <Notice tone="plain" title={w.launch.noScenario}>
          <p>{w.launch.noScenarioCure}</p>
        </Notice>
      )}
      <ul className="scenario-cards">
        {scenarios.data?.items.map((scenario) => (
          <li key={scenario.slug}>
            <Link to="/t/$tenant/launch/$scenario" params={{ tenant, scenario: scenario.slug }} className="scenario-card">
              <span className="scenario-name">{scenario.name}</span>
              <span className="scenario-category" data-category={scenario.category}>
                {w.category[scenario.category] ?? scenario.category}
              </span>
              <Right size={20} />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Second and third: the check, and the hold. */
export function LaunchScreen() {
  const { w } = useWords()
  const { tenant, scenario: slug } = useParams({ from: '/t/$tenant/launch/$scenario' })
  const { mode } = useSearch({ from: '/t/$tenant/launch/$scenario' })
  const navigate = useNavigate()
  const scenario = useQuery(queries.scenario(tenant, slug))
  const title = scenario.data?.name ?? w.launch.title
  return (
    <Moded mode={mode} title={title}>
      <div className="launch" {...(mode ? { 'data-mode': mode } : {})}>
        <LaunchHead step={1} title={title} back={tenant} />
        {scenario.isError && <TroubleNotice trouble={scenario.error} retry={() => void scenario.refetch()} />}
        <Choices<Mode>
          className="mode-choices"
          label={w.launch.which}
          value={mode ?? null}
          onChange={(chosen) =>
            void navigate({ to: '/t/$tenant/launch/$scenario', params: { tenant, scenario: slug }, search: { mode: chosen }, replace: true, resetScroll: false })
          }
          options={(['drill', 'live'] as const).map((each) => ({
            value: each,
            mode: each,
            text: (
              <span className="mode-choice">
                <ModeIcon mode={each} size={24} />
                {w.mode[each].word}
              </span>
            ),
            hint: each === 'live' ? w.launch.liveHint : w.launch.drillHint,
          }))}
        />
        {scenario.data && mode && <CheckAndHold key={slug} tenant={tenant} scenario={scenario.data} mode={mode} />}
        {scenario.data && !mode && <p className="quiet launch-pick">{w.launch.pickMode}</p>}
      </div>
    </Moded>
  )
}

function LaunchHead({ step, title, lead, back }: { step: number; title: string; lead?: string; back?: string }) {
  const { w } = useWords()
  return (
    <header className="launch-head">
      <ol className="steps" aria-label={w.launch.stepOf(step + 1)}>
        {w.launch.steps.map((name, index) => (
          <li key={name} className="step" data-at={index < step ? 'done' : index === step || (step === 1 && index === 2) ? 'now' : 'next'} aria-current={index === step ? 'step' : undefined}>
            <span className="step-no figures">{index + 1}</span>
            {name}
          </li>
        ))}
      </ol>
      <h1>{title}</h1>
      {lead && <p className="quiet">{lead}</p>}
      {back && (
        <Link to="/t/$tenant/launch" params={{ tenant: back }}>
          {w.launch.change}
        </Link>
      )}
    </header>
  )
}

function CheckAndHold({ tenant, scenario, mode }: { tenant: string; scenario: Scenario; mode: Mode }) {
  const { w, f } = useWords()
  const may = useMay(...MAY)
  const [variables, setVariables] = useState<Record<string, string>>(() => ({ ...scenario.variables }))
  const settled = useSettled(variables, 600)
  const [lists, setLists] = useState<string[]>()
  const settledLists = useSettled(lists, 600)
  const launch = useMemo<Launch>(
    () => ({ scenario: scenario.slug, drill: mode === 'drill', variables: settled, ...(settledLists ? { lists: settledLists } : {}) }),
    [scenario.slug, mode, settled, settledLists],
  )
  const preview = useQuery({ ...queries.preview(tenant, launch), placeholderData: keepPreviousData })
  // What is shown must be what leaves: while a word typed is not checked yet, nothing can be held.
  const checked = preview.data !== undefined && !preview.isPlaceholderData && !preview.isError && settled === variables && settledLists === lists
  const shown = useDeferredValue(preview.data)
  const sending = useLaunch(tenant, launch)
  const unreachable = { key: ['launch', launch], read: (after: string | undefined) => queries.unreachable(tenant, launch, after) }

  return (
    <>
      {Object.keys(variables).length > 0 && (
        <section className="panel" aria-labelledby="launch-variables">
          <h2 id="launch-variables">{w.launch.variables}</h2>
          <p className="quiet">{w.launch.variablesHint}</p>
          <div className="fields">
            {Object.entries(variables).map(([name, value]) => (
              <Field
                key={name}
                label={name.replaceAll('_', ' ')}
                value={value}
                maxLength={300}
                onChange={(typed) => setVariables((now) => ({ ...now, [name]: typed }))}
                error={shown?.problems.some((problem) => problem.field === `variables.${name}`) ? w.launch.missing : undefined}
              />
            ))}
          </div>
        </section>
      )}
      <AudiencePicker tenant={tenant} own={scenario.lists} chosen={lists} onChange={setLists} />
      <Announce>{checked && preview.data ? `${f.n(preview.data.people)} ${w.launch.people(preview.data.people)}` : ''}</Announce>
      {preview.isError ? (
        <TroubleNotice trouble={preview.error} retry={() => void preview.refetch()} />
      ) : shown ? (
        <CheckSheet tenant={tenant} preview={shown} steps={scenario.cascade} languages={Object.keys(scenario.messages)} mode={mode} stale={!checked} unreachable={unreachable} />
      ) : (
        <p className="quiet waiting" role="status">
          {w.launch.checking}
        </p>
      )}

      <HoldBar
        mode={mode}
        words={{ go: w.launch.go[mode], hold: w.launch.hold[mode], title: w.launch.confirmTitle[mode], confirm: w.launch.confirm[mode] }}
        about={scenario.name}
        people={checked ? preview.data?.people : undefined}
        problems={checked ? (preview.data?.problems.length ?? 0) : 0}
        may={may}
        blocked={!checked}
        sending={sending}
      />
    </>
  )
}

/** Sends one launch. The same launch keeps its key, so that whoever repeats it after a lost answer launches nothing twice. */
function useLaunch(tenant: string, launch: Launch) {
  return useSending(
    tenant,
    launch,
    (body, key) => ask(api.POST('/tenants/{tenant}/alerts', { params: { path: { tenant }, header: { 'Idempotency-Key': key } }, body })) as unknown as Promise<Alert>,
  )
}
