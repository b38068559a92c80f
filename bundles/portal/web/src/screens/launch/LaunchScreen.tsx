import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useDeferredValue, useMemo, useState } from 'react'
import { api, ask, onceKey, type Alert } from '../../api/client'
import type { Launch, Mode, Scenario } from '../../api/model'
import { queries } from '../../api/queries'
import { Trouble } from '../../api/trouble'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Ask, Button, Choices, Field } from '../../ui/controls'
import { HoldButton } from '../../ui/hold'
import { ModeIcon, Right } from '../../ui/icons'
import { Moded, useTitle } from '../../ui/mode'
import { Announce, Notice, TroubleNotice } from '../../ui/notice'
import { CheckSheet } from './CheckSheet'
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
  const launch = useMemo<Launch>(() => ({ scenario: scenario.slug, drill: mode === 'drill', variables: settled }), [scenario.slug, mode, settled])
  const preview = useQuery({ ...queries.preview(tenant, launch), placeholderData: keepPreviousData })
  // What is shown must be what leaves: while a word typed is not checked yet, nothing can be held.
  const checked = preview.data !== undefined && !preview.isPlaceholderData && !preview.isError && settled === variables
  const shown = useDeferredValue(preview.data)
  const sending = useLaunch(tenant, launch)
  const [asking, setAsking] = useState(false)
  const [short, setShort] = useState(false)
  const problems = preview.data?.problems.length ?? 0
  const blocked = !may || !checked || problems > 0 || sending.busy

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
      <Announce>{checked && preview.data ? `${f.n(preview.data.people)} ${w.launch.people(preview.data.people)}` : ''}</Announce>
      {preview.isError ? (
        <TroubleNotice trouble={preview.error} retry={() => void preview.refetch()} />
      ) : shown ? (
        <CheckSheet preview={shown} scenario={scenario} mode={mode} stale={!checked} />
      ) : (
        <p className="quiet waiting" role="status">
          {w.launch.checking}
        </p>
      )}

      <section className="launch-bar" aria-label={w.launch.go[mode]}>
        {sending.trouble !== undefined &&
          (sending.trouble instanceof Trouble && sending.trouble.passes ? (
            <Notice tone="bad" title={w.launch.unsure} live>
              <p>{w.launch.unsureCure}</p>
            </Notice>
          ) : (
            <TroubleNotice trouble={sending.trouble} />
          ))}
        {!may ? (
          <Notice tone="warn" title={w.launch.mayNot}>
            <p>{w.launch.mayNotCure}</p>
          </Notice>
        ) : (
          <>
            <HoldButton
              isDisabled={blocked}
              describedBy="launch-hint"
              holding={w.launch.holding}
              onHeld={() => void sending.go()}
              onShort={() => setShort(true)}
              onAlternative={() => setAsking(true)}
            >
              <ModeIcon mode={mode} size={24} />
              <span>
                {sending.busy ? w.launch.sending : w.launch.hold[mode]}
                {checked && preview.data && (
                  <span className="hold-count figures">
                    {f.n(preview.data.people)} {w.launch.people(preview.data.people)}
                  </span>
                )}
              </span>
            </HoldButton>
            <p id="launch-hint" className="launch-hint" role="status">
              {checked && problems > 0 ? (
                <a href="#launch-problems" className="launch-stopped">
                  {w.launch.problems(problems)}
                </a>
              ) : short && !blocked ? (
                w.launch.holdShort
              ) : (
                w.launch.holdHint
              )}
            </p>
          </>
        )}
      </section>

      <Ask open={asking} onClose={() => setAsking(false)} title={w.launch.confirmTitle[mode]} mode={mode} role="alertdialog">
        <p>{w.launch.confirmText(f.n(preview.data?.people ?? 0), scenario.name)}</p>
        <div className="dialog-buttons">
          <Button kind="plain" onPress={() => setAsking(false)} autoFocus>
            {w.launch.back}
          </Button>
          <Button
            kind="mode"
            isDisabled={blocked}
            onPress={() => {
              setAsking(false)
              void sending.go()
            }}
          >
            {w.launch.confirm[mode]}
          </Button>
        </div>
      </Ask>
    </>
  )
}

/** Sends one launch. The same launch keeps its key, so that whoever repeats it after a lost answer launches nothing twice. */
function useLaunch(tenant: string, launch: Launch) {
  const navigate = useNavigate()
  const client = useQueryClient()
  const key = useMemo(() => {
    void launch
    return onceKey()
  }, [launch])
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()

  const go = async () => {
    if (busy) return
    setBusy(true)
    setTrouble(undefined)
    try {
      const alert = (await ask(
        api.POST('/tenants/{tenant}/alerts', { params: { path: { tenant }, header: { 'Idempotency-Key': key } }, body: launch }),
      )) as unknown as Alert
      void client.invalidateQueries({ queryKey: [tenant, 'alerts'] })
      await navigate({ to: '/t/$tenant/alerts/$alert', params: { tenant, alert: alert.alertId } })
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  return { go, busy, trouble }
}
