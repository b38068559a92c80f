import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Status } from '../../api/client'
import { followUps, type FollowUp, type FollowUpKind } from '../../api/followUps'
import { modeOf, titleOf, type Mode, type Step } from '../../api/model'
import { queries } from '../../api/queries'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { named } from '../../i18n/colon'
import { Choices } from '../../ui/controls'
import { ModeBand, Moded } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { CheckSheet } from './CheckSheet'
import { FollowUpTexts } from './FollowUpTexts'
import { HoldBar, useSending } from './HoldBar'
import { useSettled } from './settled'

/** A correction or an all-clear to the people of an alert: the check and the hold of a launch, with the words prepared. */
export function FollowUpScreen() {
  const { w } = useWords()
  const { tenant, alert, kind } = useParams({ from: '/t/$tenant/alerts/$alert/follow-up/$kind' })
  const status = useQuery(queries.status(tenant, alert))
  if (!status.data) {
    return status.isError ? (
      <TroubleNotice trouble={status.error} retry={() => void status.refetch()} />
    ) : (
      <p className="quiet waiting" role="status">
        {w.loading}
      </p>
    )
  }
  const mode = modeOf(status.data.alert.drill)
  return (
    <Moded mode={mode} title={`${w.followUp.title[kind]} · ${titleOf(status.data.alert)}`}>
      <div className="launch" data-mode={mode}>
        <ModeBand mode={mode}>
          <span className="band-state">{w.followUp.title[kind]}</span>
        </ModeBand>
        <header className="launch-head">
          <h1>{named(w, w.followUp.title[kind], titleOf(status.data.alert))}</h1>
          <p className="quiet">
            {w.followUp.lead[kind]} {mode === 'drill' && w.followUp.drill}
          </p>
          <Link to="/t/$tenant/alerts/$alert" params={{ tenant, alert }}>
            {w.followUp.back}
          </Link>
        </header>
        <Prepared key={kind} tenant={tenant} kind={kind} status={status.data} mode={mode} />
      </div>
    </Moded>
  )
}

function Prepared({ tenant, kind, status, mode }: { tenant: string; kind: FollowUpKind; status: Status; mode: Mode }) {
  const { w } = useWords()
  const may = useMay('activator', 'agency-admin')
  const { alertId } = status.alert
  const [whom, setWhom] = useState<'reached' | 'everybody'>('reached')
  /** As somebody wrote them; undefined: as prepared. */
  const [written, setWritten] = useState<Record<string, string>>()
  const settled = useSettled(written, 600)
  const body = useMemo<FollowUp>(() => ({ kind, whom, ...(settled ? { texts: settled } : {}) }), [kind, whom, settled])
  const draft = useQuery({ ...followUps.draft(tenant, alertId, body), placeholderData: keepPreviousData })
  const checked = draft.data !== undefined && !draft.isPlaceholderData && !draft.isError && settled === written
  const sending = useSending(tenant, body, (sent, key) => followUps.launch(tenant, alertId, sent, key))
  const preview = draft.data?.preview
  const texts = written ?? draft.data?.texts ?? {}
  const unreachable = { key: ['follow-up', alertId, body], read: (after: string | undefined) => followUps.unreachable(tenant, alertId, body, after) }
  const steps = status.alert.policy.cascade.map(
    (step): Step => ({ channel: step.channel, patience: step.patience, attempts: step.maxAttempts, until: 'delivered' }),
  )
  return (
    <>
      {draft.data?.ends && (
        <Notice tone="warn" title={w.followUp.ends}>
          <p>{w.followUp.endsHint}</p>
        </Notice>
      )}
      <FollowUpTexts
        texts={texts}
        readers={draft.data?.readers ?? []}
        problems={checked ? (preview?.problems ?? []) : []}
        onChange={(language, typed) => setWritten({ ...texts, [language]: typed })}
      />
      <Choices<'reached' | 'everybody'>
        label={w.followUp.whom}
        value={whom}
        onChange={setWhom}
        options={[
          { value: 'reached', text: w.followUp.reached, hint: w.followUp.reachedHint },
          { value: 'everybody', text: w.followUp.everybody, hint: w.followUp.everybodyHint },
        ]}
      />
      {draft.isError ? (
        <TroubleNotice trouble={draft.error} retry={() => void draft.refetch()} />
      ) : preview ? (
        <CheckSheet tenant={tenant} preview={preview} steps={steps} languages={Object.keys(texts).filter((language) => texts[language]?.trim())} mode={mode} stale={!checked} unreachable={unreachable} />
      ) : (
        <p className="quiet waiting" role="status">
          {w.launch.checking}
        </p>
      )}
      <HoldBar
        mode={mode}
        words={{ go: w.followUp.go[kind], hold: w.followUp.hold[kind], title: w.followUp.sure[kind], confirm: w.followUp.confirm[kind] }}
        about={titleOf(status.alert)}
        people={checked ? preview?.people : undefined}
        problems={checked ? (preview?.problems.length ?? 0) : 0}
        may={may}
        blocked={!checked}
        sending={sending}
      />
    </>
  )
}
