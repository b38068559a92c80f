import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState, type FormEvent } from 'react'
import { type Staff, type UserView } from '../../api/platform'
import { Trouble } from '../../api/trouble'
import { useMe } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { named } from '../../i18n/colon'
import { Ask, Button, Field } from '../../ui/controls'
import { Check, Cross } from '../../ui/icons'
import { TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { drawPassword } from '../admin/draw'
import { faultOf } from '../admin/faults'
import { Once } from '../admin/Once'
import { Overtaken } from './Overtaken'

type Shown = { name: string; login: string; secret: string }

/** Operators, or the own people of an agency: made, renamed, given a new password, suspended and reinstated. */
export function StaffPanel({ title, lead, staff }: { title: string; lead: string; staff: Staff }) {
  const { w } = useWords()
  const me = useMe()
  const id = useId()
  const people = useQuery(staff.list)
  const [editing, setEditing] = useState<UserView | 'new'>()
  const [shown, setShown] = useState<Shown>()
  return (
    <section className="panel" aria-labelledby={id}>
      <header className="head-row">
        <div>
          <h2 id={id}>{title}</h2>
          <p className="quiet">{lead}</p>
        </div>
        <Button size="small" onPress={() => setEditing('new')}>
          {w.admin.user.new}
        </Button>
      </header>
      {people.isError && <TroubleNotice trouble={people.error} retry={() => void people.refetch()} />}
      {people.isPending && <p className="quiet">{w.loading}</p>}
      {people.data?.items.length === 0 && <p className="quiet">{w.admin.user.none}</p>}
      <ul className="rows">
        {people.data?.items.map((user) => (
          <li key={user.id} className="row user-row" data-off={user.state !== 'active' || undefined}>
            <span className="row-main">
              <span className="row-title">
                <Plain>{user.name}</Plain> {user.login === me.name && <span className="quiet">({w.admin.user.you})</span>}
              </span>
              <span className="row-hint">
                <Plain>{user.login}</Plain>
              </span>
            </span>
            <span className="tone" data-tone={user.state === 'active' ? 'good' : 'bad'}>
              {user.state === 'active' ? <Check size={16} /> : <Cross size={16} />}
              {w.admin.user.state[user.state] ?? user.state}
            </span>
            <Button size="small" aria-label={w.admin.editOne(user.name)} onPress={() => setEditing(user)}>
              {w.admin.edit}
            </Button>
          </li>
        ))}
      </ul>
      {editing && (
        <PersonForm
          staff={staff}
          user={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
          onSecret={(secret) => {
            setEditing(undefined)
            setShown(secret)
          }}
        />
      )}
      {shown && (
        <Once
          title={w.admin.user.passwordFor(shown.name)}
          label={w.admin.user.password}
          text={named(w, w.admin.user.login, shown.login)}
          secret={shown.secret}
          hint={w.agency.carry}
          onClose={() => setShown(undefined)}
        />
      )}
    </section>
  )
}

function PersonForm({ staff, user, onClose, onSecret }: { staff: Staff; user: UserView | undefined; onClose: () => void; onSecret: (shown: Shown) => void }) {
  const { w } = useWords()
  const me = useMe()
  const client = useQueryClient()
  /** What the edit goes over: the version that was read, or the one that was saved meanwhile and looked at. */
  const [base, setBase] = useState(user)
  const [newer, setNewer] = useState<UserView>()
  const [name, setName] = useState(user?.name ?? '')
  const [login, setLogin] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()

  const save = async (change: { state?: string; password?: string } = {}) => {
    setTried(true)
    if (!name.trim() || (!base && !login.trim()) || busy) return
    setBusy(true)
    setTrouble(undefined)
    const password = change.password ?? (base ? undefined : drawPassword())
    try {
      const saved = base
        ? await staff.save(base, { name: name.trim(), state: base.state, ...change })
        : await staff.make({ login: login.trim(), name: name.trim(), password: password! })
      await client.invalidateQueries({ queryKey: staff.list.queryKey })
      if (password) onSecret({ name: saved.name, login: saved.login, secret: password })
      else onClose()
    } catch (failure) {
      const theirs = failure instanceof Trouble && failure.kind === 'changed' ? (await client.fetchQuery({ ...staff.list, staleTime: 0 }).catch(() => undefined))?.items.find((each) => each.id === base?.id) : undefined
      if (theirs) setNewer(theirs)
      else setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  const over = (mine: boolean) => {
    if (!newer) return
    setBase(newer)
    if (!mine) setName(newer.name)
    setNewer(undefined)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save()
  }
  return (
    <Ask open onClose={onClose} title={user ? w.admin.editOne(user.name) : w.admin.user.new} keepOpen={busy}>
      <form className="form" noValidate onSubmit={submit}>
        {trouble !== undefined && <TroubleNotice trouble={trouble} />}
        {newer && <Overtaken name={newer.name} onMine={() => over(true)} onTheirs={() => over(false)} />}
        <Field label={w.admin.user.name} value={name} onChange={setName} maxLength={100} autoComplete="off" isRequired error={tried && !name.trim() ? w.admin.required : faultOf(trouble, 'name')} />
        {base ? (
          <p>
            {named(w, w.admin.user.login, '')}
            <Plain>{base.login}</Plain> {base.login === me.name && <span className="quiet">{w.admin.user.self}</span>}
          </p>
        ) : (
          <Field
            label={w.admin.user.login}
            hint={w.admin.user.loginHint}
            value={login}
            onChange={setLogin}
            maxLength={100}
            autoComplete="off"
            isRequired
            error={tried && !login.trim() ? w.admin.required : faultOf(trouble, 'login')}
          />
        )}
        {!base && <p className="quiet">{w.admin.user.passwordNew}</p>}
        <div className="dialog-buttons">
          <Button onPress={onClose} isDisabled={busy}>
            {w.admin.cancel}
          </Button>
          <Button type="submit" kind="primary" isDisabled={busy || newer !== undefined}>
            {busy ? w.admin.saving : base ? w.admin.save : w.admin.user.new}
          </Button>
        </div>
      </form>
      {base && (
        <div className="form-more">
          <div className="form-act">
            <p className="quiet">{w.admin.user.passwordResetHint}</p>
            <Button onPress={() => void save({ password: drawPassword() })} isDisabled={busy || newer !== undefined}>
              {w.admin.user.passwordReset}
            </Button>
          </div>
          {base.login !== me.name && (
            <div className="form-act">
              <span />
              {base.state === 'active' ? (
                <Button kind="danger" onPress={() => setAsking(true)} isDisabled={busy || newer !== undefined}>
                  {w.admin.user.suspend}
                </Button>
              ) : (
                <Button onPress={() => void save({ state: 'active' })} isDisabled={busy || newer !== undefined}>
                  {w.admin.user.reinstate}
                </Button>
              )}
            </div>
          )}
        </div>
      )}
      <Ask open={asking} onClose={() => setAsking(false)} title={w.admin.user.suspendTitle(base?.name ?? '')} role="alertdialog">
        <p>{w.admin.user.suspendText}</p>
        <div className="dialog-buttons">
          <Button onPress={() => setAsking(false)} autoFocus>
            {w.admin.cancel}
          </Button>
          <Button
            kind="danger"
            onPress={() => {
              setAsking(false)
              void save({ state: 'suspended' })
            }}
          >
            {w.admin.user.suspendYes}
          </Button>
        </div>
      </Ask>
    </Ask>
  )
}
