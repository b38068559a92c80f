import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { admin, TENANT_ROLES, type KeyView, type MadeKey } from '../../api/admin'
import { useWords } from '../../i18n'
import { Ask, Button, Field } from '../../ui/controls'
import { Check, Cross } from '../../ui/icons'
import { TroubleNotice } from '../../ui/notice'
import { Box, Pick } from '../../ui/pick'
import { faultOf } from './faults'
import { Once } from './Once'
import { Plain } from '../../ui/plain'

const isOver = (key: KeyView) => key.revokedAt != null || (key.expiresAt != null && Date.parse(key.expiresAt) < Date.now())

export function Keys({ tenant }: { tenant: string }) {
  const { w } = useWords()
  const client = useQueryClient()
  const keys = useQuery(admin.keys(tenant))
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<MadeKey & { label: string }>()
  const [revoking, setRevoking] = useState<KeyView>()
  const [trouble, setTrouble] = useState<unknown>()
  const all = keys.data?.items ?? []
  const good = all.filter((key) => !isOver(key))
  const old = all.filter(isOver)
  const revoke = async (key: KeyView) => {
    setRevoking(undefined)
    setTrouble(undefined)
    try {
      await admin.revokeKey(tenant, key.keyId)
    } catch (failure) {
      setTrouble(failure)
    }
    await client.invalidateQueries({ queryKey: [tenant, 'keys'] })
  }
  return (
    <section className="panel" aria-labelledby="admin-keys">
      <header className="head-row">
        <div>
          <h2 id="admin-keys">{w.admin.keys}</h2>
          <p className="quiet">{w.admin.key.lead}</p>
        </div>
        <Button kind="primary" size="small" onPress={() => setMaking(true)}>
          {w.admin.key.new}
        </Button>
      </header>
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      {keys.isError && <TroubleNotice trouble={keys.error} retry={() => void keys.refetch()} />}
      {keys.isPending && <p className="quiet">{w.loading}</p>}
      {keys.isSuccess && all.length === 0 && <p className="quiet">{w.admin.key.none}</p>}
      <ul className="rows">
        {good.map((key) => (
          <KeyRow key={key.keyId} view={key} onRevoke={() => setRevoking(key)} />
        ))}
      </ul>
      {old.length > 0 && (
        <details>
          <summary>{w.admin.key.old(old.length)}</summary>
          <ul className="rows">
            {old.map((key) => (
              <KeyRow key={key.keyId} view={key} />
            ))}
          </ul>
        </details>
      )}
      {making && (
        <KeyForm
          tenant={tenant}
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false)
            setMade(key)
          }}
        />
      )}
      {made && <Once title={w.admin.key.made} label={`${w.admin.key.id} ${made.keyId}`} text={w.admin.key.madeText(made.label)} secret={made.secret} onClose={() => setMade(undefined)} />}
      {revoking && (
        <Ask open onClose={() => setRevoking(undefined)} title={w.admin.key.revokeTitle(revoking.label)} role="alertdialog">
          <p>{w.admin.key.revokeText}</p>
          <div className="dialog-buttons">
            <Button onPress={() => setRevoking(undefined)} autoFocus>
              {w.admin.cancel}
            </Button>
            <Button kind="danger" onPress={() => void revoke(revoking)}>
              {w.admin.key.revoke}
            </Button>
          </div>
        </Ask>
      )}
    </section>
  )
}

function KeyRow({ view, onRevoke }: { view: KeyView; onRevoke?: () => void }) {
  const { w, f } = useWords()
  const over = isOver(view)
  return (
    <li className="row user-row" data-off={over || undefined}>
      <span className="row-main">
        <span className="row-title">
          <Plain>{view.label}</Plain>
        </span>
        <span className="row-hint figures">
          {view.keyId} · {w.admin.key.created(f.ago(view.createdAt))} · {view.lastUsedAt != null ? w.admin.key.used(f.ago(view.lastUsedAt)) : w.admin.key.unused}
        </span>
      </span>
      <span className="roles">
        {view.roles.map((role) => (
          <span key={role} className="role">
            {w.role[role] ?? role}
          </span>
        ))}
      </span>
      <span className="tone" data-tone={over ? 'bad' : 'good'}>
        {over ? <Cross size={16} /> : <Check size={16} />}
        {view.revokedAt != null ? w.admin.key.revoked : over ? w.admin.key.expired : view.expiresAt != null ? w.admin.key.until(f.day(view.expiresAt)) : w.admin.key.active}
      </span>
      {onRevoke && (
        <Button size="small" kind="danger" aria-label={`${w.admin.key.revoke} : ${view.label}`} onPress={onRevoke}>
          {w.admin.key.revoke}
        </Button>
      )}
    </li>
  )
}

function KeyForm({ tenant, onClose, onMade }: { tenant: string; onClose: () => void; onMade: (key: MadeKey & { label: string }) => void }) {
  const { w } = useWords()
  const client = useQueryClient()
  const [label, setLabel] = useState('')
  const [roles, setRoles] = useState<readonly string[]>([])
  const [expiry, setExpiry] = useState('365')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!label.trim() || roles.length === 0 || busy) return
    setBusy(true)
    setTrouble(undefined)
    try {
      const expiresAt = expiry === 'never' ? {} : { expiresAt: new Date(Date.now() + Number(expiry) * 86_400_000).toISOString() }
      const made = await admin.makeKey(tenant, { label: label.trim(), roles: [...roles], ...expiresAt })
      await client.invalidateQueries({ queryKey: [tenant, 'keys'] })
      onMade({ ...made, label: label.trim() })
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }
  return (
    <Ask open onClose={onClose} title={w.admin.key.new} wide keepOpen={busy}>
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble !== undefined && <TroubleNotice trouble={trouble} />}
        <Field label={w.admin.key.label} hint={w.admin.key.labelHint} value={label} onChange={setLabel} maxLength={100} isRequired error={tried && !label.trim() ? w.admin.required : faultOf(trouble, 'label')} />
        <fieldset className="group" aria-describedby="key-no-role">
          <legend>{w.admin.key.roles}</legend>
          {TENANT_ROLES.map((role) => (
            <Box
              key={role}
              label={w.role[role]!}
              hint={w.admin.user.roleMeaning[role]}
              value={roles.includes(role)}
              onChange={(is) => setRoles((now) => (is ? [...now, role] : now.filter((each) => each !== role)))}
            />
          ))}
          <p id="key-no-role" className="field-error">
            {tried && roles.length === 0 ? w.admin.user.noRole : ''}
          </p>
        </fieldset>
        <Pick label={w.admin.key.expires} value={expiry} onChange={setExpiry} options={['30', '90', '365', 'never'].map((value) => ({ value, text: w.admin.key.expiry[value]! }))} />
        <div className="dialog-buttons">
          <Button onPress={onClose} isDisabled={busy}>
            {w.admin.cancel}
          </Button>
          <Button type="submit" kind="primary" isDisabled={busy}>
            {busy ? w.admin.saving : w.admin.key.make}
          </Button>
        </div>
      </form>
    </Ask>
  )
}
