import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { admin } from '../../api/admin'
import type { Tenant } from '../../api/client'
import { queries } from '../../api/queries'
import { useMay, useMe } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Button, Field } from '../../ui/controls'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Pick } from '../../ui/pick'
import { Plain } from '../../ui/plain'
import { faultOf } from './faults'

/** What the organisation is, what it may use, how long things are kept, and what it lets its agency do. */
export function Organisation({ tenant }: { tenant: string }) {
  const { w } = useWords()
  const known = useQuery(queries.tenant(tenant))
  return (
    <>
      <Consent tenant={tenant} />
      {known.isError && <TroubleNotice trouble={known.error} retry={() => void known.refetch()} />}
      {known.data && <Facts key={known.data.version} tenant={known.data} />}
      <section className="panel" aria-labelledby="org-retention">
        <h2 id="org-retention">{w.admin.org.retention}</h2>
        <p>{w.admin.org.retentionText}</p>
      </section>
    </>
  )
}

const LASTING = ['PT24H', 'PT168H', 'PT720H', 'PT8760H'] as const

function Consent({ tenant }: { tenant: string }) {
  const { w, f } = useWords()
  const me = useMe()
  const client = useQueryClient()
  const may = useMay('tenant-admin') && me.tenant === tenant
  const consent = useQuery(admin.consent(tenant))
  const [lasting, setLasting] = useState<string>('PT168H')
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const act = async (what: () => Promise<unknown>) => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await what()
      setNote('')
    } catch (failure) {
      setTrouble(failure)
    }
    await client.invalidateQueries({ queryKey: [tenant, 'consent'] })
    setBusy(false)
  }
  const given = consent.data?.consent
  return (
    <section className="panel" aria-labelledby="org-consent">
      <h2 id="org-consent">{w.admin.org.consent}</h2>
      <p className="quiet">{w.admin.org.consentLead}</p>
      {consent.isError && <TroubleNotice trouble={consent.error} retry={() => void consent.refetch()} />}
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      {consent.data && (
        <Notice tone={given ? 'warn' : 'good'} title={given ? w.admin.org.consentGiven(f.day(given.until), given.grantedBy) : w.admin.org.consentNone} live>
          {given?.note && (
            <p>
              <Plain>{given.note}</Plain>
            </p>
          )}
        </Notice>
      )}
      {!may && <p className="quiet">{w.admin.org.consentOwn}</p>}
      {may && consent.data && (
        <form
          className="filters"
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            void act(() => admin.grant(tenant, lasting, note.trim()))
          }}
        >
          <Pick label={w.admin.org.consentLasting} value={lasting} onChange={setLasting} options={LASTING.map((value) => ({ value, text: w.admin.org.lasting[value]! }))} />
          <Field label={w.admin.org.consentNote} value={note} onChange={setNote} maxLength={200} autoComplete="off" error={faultOf(trouble, 'note')} />
          <Button type="submit" isDisabled={busy}>
            {w.admin.org.consentGrant}
          </Button>
          {given && (
            <Button kind="danger" isDisabled={busy} onPress={() => void act(() => admin.withdraw(tenant))}>
              {w.admin.org.consentWithdraw}
            </Button>
          )}
        </form>
      )}
    </section>
  )
}

function Facts({ tenant }: { tenant: Tenant }) {
  const { w, f } = useWords()
  const client = useQueryClient()
  const may = useMay('agency-admin', 'operator')
  const [edit, setEdit] = useState({
    name: tenant.name,
    smsSender: tenant.smsSender ?? '',
    mailSender: tenant.mailSender ?? '',
    timeZone: tenant.timeZone,
    maxContacts: String(tenant.maxContacts),
    maxRecipients: String(tenant.maxRecipients),
    maxRunningAlerts: String(tenant.maxRunningAlerts),
  })
  const [busy, setBusy] = useState(false)
  const [saved, setSaved] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const change = (part: Partial<typeof edit>) => {
    setSaved(false)
    setEdit((now) => ({ ...now, ...part }))
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setTrouble(undefined)
    try {
      const now = await admin.saveTenant(tenant, {
        name: edit.name,
        kind: tenant.kind,
        language: tenant.language,
        timeZone: edit.timeZone,
        ...(edit.smsSender.trim() ? { smsSender: edit.smsSender.trim() } : {}),
        ...(edit.mailSender.trim() ? { mailSender: edit.mailSender.trim() } : {}),
        maxContacts: Number(edit.maxContacts),
        maxRecipients: Number(edit.maxRecipients),
        maxRunningAlerts: Number(edit.maxRunningAlerts),
      })
      client.setQueryData(queries.tenant(tenant.slug).queryKey, now)
      setSaved(true)
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  const quotas = [
    { name: w.admin.org.maxContacts, key: 'maxContacts' },
    { name: w.admin.org.maxRecipients, key: 'maxRecipients' },
    { name: w.admin.org.maxRunning, key: 'maxRunningAlerts' },
  ] as const
  if (!may)
    return (
      <section className="panel" aria-labelledby="org-facts">
        <h2 id="org-facts">{w.admin.org.identity}</h2>
        <dl className="facts figures">
          {[
            [w.admin.org.name, tenant.name],
            [w.admin.org.kind, w.agency.kinds[tenant.kind] ?? tenant.kind],
            [w.admin.org.timeZone, tenant.timeZone],
            [w.admin.org.smsSender, tenant.smsSender ?? '–'],
            [w.admin.org.mailSender, tenant.mailSender ?? '–'],
            ...quotas.map((quota) => [quota.name, f.n(tenant[quota.key])]),
            [w.admin.org.channels, tenant.channels.length === 0 ? w.admin.org.channelsAll : tenant.channels.map((channel) => w.channel[channel] ?? channel).join(', ')],
          ].map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        <p className="quiet">{w.admin.org.byAgency}</p>
      </section>
    )
  return (
    <section className="panel" aria-labelledby="org-facts">
      <h2 id="org-facts">{w.admin.org.identity}</h2>
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble !== undefined && <TroubleNotice trouble={trouble} />}
        {saved && <Notice tone="good" title={w.admin.saved} live />}
        <div className="fields">
          <Field label={w.admin.org.name} value={edit.name} onChange={(name) => change({ name })} isRequired error={faultOf(trouble, 'name')} />
          <Field label={w.admin.org.timeZone} value={edit.timeZone} onChange={(timeZone) => change({ timeZone })} error={faultOf(trouble, 'timeZone')} />
          <Field label={w.admin.org.smsSender} value={edit.smsSender} onChange={(smsSender) => change({ smsSender })} error={faultOf(trouble, 'smsSender')} />
          <Field label={w.admin.org.mailSender} value={edit.mailSender} onChange={(mailSender) => change({ mailSender })} error={faultOf(trouble, 'mailSender')} />
        </div>
        <fieldset className="group">
          <legend>{w.admin.org.quotas}</legend>
          <div className="fields">
            {quotas.map((quota) => (
              <Field key={quota.key} label={quota.name} value={edit[quota.key]} onChange={(value) => change({ [quota.key]: value.replace(/\D/g, '') })} maxLength={9} error={faultOf(trouble, quota.key)} />
            ))}
          </div>
        </fieldset>
        <div className="dialog-buttons">
          <Button type="submit" kind="primary" isDisabled={busy}>
            {busy ? w.admin.saving : w.admin.save}
          </Button>
        </div>
      </form>
    </section>
  )
}
