import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { admin, TENANT_ROLES, type UserView } from '../../api/admin'
import { Trouble } from '../../api/trouble'
import { useMay, useMe } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { named } from '../../i18n/colon'
import { Ask, Button, Field } from '../../ui/controls'
import { Check, Cross } from '../../ui/icons'
import { TroubleNotice } from '../../ui/notice'
import { Box } from '../../ui/pick'
import { drawPassword, drawPin } from './draw'
import { faultOf } from './faults'
import { Once } from './Once'
import { Plain } from '../../ui/plain'

type Shown = { title: string; label: string; text?: string; secret: string }

/** Who may sign in, and what each may do. */
export function Users({ tenant }: { tenant: string }) {
  const { w } = useWords()
  const me = useMe()
  const mayEdit = useMay('tenant-admin', 'agency-admin', 'operator')
  const users = useQuery(admin.users(tenant))
  const [editing, setEditing] = useState<UserView | 'new'>()
  const [shown, setShown] = useState<Shown>()
  return (
    <section className="panel" aria-labelledby="admin-users">
      <header className="head-row">
        <h2 id="admin-users">{w.admin.users}</h2>
        {mayEdit && (
          <Button kind="primary" size="small" onPress={() => setEditing('new')}>
            {w.admin.user.new}
          </Button>
        )}
      </header>
      {users.isError && <TroubleNotice trouble={users.error} retry={() => void users.refetch()} />}
      {users.isPending && <p className="quiet">{w.loading}</p>}
      {users.data?.items.length === 0 && <p className="quiet">{w.admin.user.none}</p>}
      <ul className="rows">
        {users.data?.items.map((user) => (
          <li key={user.id} className="row user-row" data-off={user.state !== 'active' || undefined}>
            <span className="row-main">
              <span className="row-title">
                <Plain>{user.name}</Plain> {user.login === me.name && <span className="quiet">({w.admin.user.you})</span>}
              </span>
              <span className="row-hint">
                <Plain>{user.login}</Plain>
              </span>
            </span>
            <span className="roles">
              {user.roles.map((role) => (
                <span key={role} className="role">
                  {w.role[role] ?? role}
                </span>
              ))}
            </span>
            <span className="tone" data-tone={user.state === 'active' ? 'good' : 'bad'}>
              {user.state === 'active' ? <Check size={16} /> : <Cross size={16} />}
              {w.admin.user.state[user.state] ?? user.state}
            </span>
            {mayEdit && (
              <Button size="small" aria-label={w.admin.editOne(user.name)} onPress={() => setEditing(user)}>
                {w.admin.edit}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {editing && (
        <UserForm
          tenant={tenant}
          user={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
          onSecret={(secret) => {
            setEditing(undefined)
            setShown(secret)
          }}
        />
      )}
      {shown && <Once {...shown} hint={w.agency.carry} onClose={() => setShown(undefined)} />}
    </section>
  )
}

function UserForm({ tenant, user, onClose, onSecret }: { tenant: string; user: UserView | undefined; onClose: () => void; onSecret: (shown: Shown) => void }) {
  const { w } = useWords()
  const me = useMe()
  const client = useQueryClient()
  const [name, setName] = useState(user?.name ?? '')
  const [login, setLogin] = useState(user?.login ?? '')
  const [roles, setRoles] = useState<readonly string[]>(user?.roles ?? [])
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const self = user?.login === me.name

  const save = async (change: { state?: string; password?: string } = {}) => {
    setTried(true)
    if (!name.trim() || !login.trim() || roles.length === 0 || busy) return
    setBusy(true)
    setTrouble(undefined)
    const body = { login: login.trim(), name: name.trim(), roles: [...roles], ...(user?.unitId != null ? { unitId: user.unitId } : {}), state: user?.state ?? 'active', ...change }
    const password = change.password ?? (user ? undefined : drawPassword())
    try {
      const saved = user ? await admin.saveUser(tenant, user, body) : await admin.makeUser(tenant, { ...body, password: password! })
      await client.invalidateQueries({ queryKey: [tenant, 'users'] })
      if (password) onSecret({ title: w.admin.user.passwordFor(saved.name), label: w.admin.user.password, text: named(w, w.admin.user.login, saved.login), secret: password })
      else onClose()
    } catch (failure) {
      setTrouble(failure)
      // Somebody else was quicker: opened again, the form begins with what they saved.
      if (failure instanceof Trouble && failure.kind === 'changed') void client.invalidateQueries({ queryKey: [tenant, 'users'] })
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void save()
  }
  return (
    <Ask open onClose={onClose} title={user ? w.admin.editOne(user.name) : w.admin.user.new} wide keepOpen={busy}>
      <form className="form" noValidate onSubmit={submit}>
        {trouble !== undefined && <TroubleNotice trouble={trouble} />}
        <Field label={w.admin.user.name} value={name} onChange={setName} maxLength={100} isRequired error={tried && !name.trim() ? w.admin.required : faultOf(trouble, 'name')} />
        {user ? (
          <p>
            {named(w, w.admin.user.login, '')}
            <Plain>{user.login}</Plain> {self && <span className="quiet">{w.admin.user.self}</span>}
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
        <fieldset className="group" aria-describedby="user-no-role">
          <legend>{w.admin.user.roles}</legend>
          {TENANT_ROLES.map((role) => (
            <Box
              key={role}
              label={w.role[role]!}
              hint={w.admin.user.roleMeaning[role]}
              value={roles.includes(role)}
              onChange={(is) => setRoles((now) => (is ? [...now, role] : now.filter((each) => each !== role)))}
            />
          ))}
          <p id="user-no-role" className="field-error">
            {tried && roles.length === 0 ? w.admin.user.noRole : ''}
          </p>
        </fieldset>
        {!user && <p className="quiet">{w.admin.user.passwordNew}</p>}
        <div className="dialog-buttons">
          <Button onPress={onClose} isDisabled={busy}>
            {w.admin.cancel}
          </Button>
          <Button type="submit" kind="primary" isDisabled={busy}>
            {busy ? w.admin.saving : user ? w.admin.save : w.admin.user.new}
          </Button>
        </div>
      </form>
      {user && (
        <div className="form-more">
          <div className="form-act">
            <p className="quiet">{w.admin.user.passwordResetHint}</p>
            <Button onPress={() => void save({ password: drawPassword() })} isDisabled={busy}>
              {w.admin.user.passwordReset}
            </Button>
          </div>
          <Telephone tenant={tenant} user={user} onSecret={onSecret} />
          {!self && (
            <div className="form-act">
              <span />
              {user.state === 'active' ? (
                <Button kind="danger" onPress={() => setAsking(true)} isDisabled={busy}>
                  {w.admin.user.suspend}
                </Button>
              ) : (
                <Button onPress={() => void save({ state: 'active' })} isDisabled={busy}>
                  {w.admin.user.reinstate}
                </Button>
              )}
            </div>
          )}
        </div>
      )}
      <Ask open={asking} onClose={() => setAsking(false)} title={w.admin.user.suspendTitle(user?.name ?? '')} role="alertdialog">
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

/** ID and PIN for when the Internet is down. The PIN is drawn here, sent once, shown once. */
function Telephone({ tenant, user, onSecret }: { tenant: string; user: UserView; onSecret: (shown: Shown) => void }) {
  const { w, f } = useWords()
  const client = useQueryClient()
  const phone = useQuery(admin.phone(tenant, user.id))
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const none = phone.error instanceof Trouble && phone.error.kind === 'gone'
  const act = async (what: () => Promise<void>) => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await what()
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  const give = () =>
    act(async () => {
      const pin = drawPin()
      const given = await admin.setPhone(tenant, user.id, pin)
      await client.invalidateQueries({ queryKey: [tenant, 'users', user.id, 'phone'] })
      onSecret({ title: named(w, w.admin.user.phone, user.name), label: w.admin.user.pin, text: named(w, w.admin.user.phoneId, given.id), secret: pin })
    })
  const remove = () =>
    act(async () => {
      await admin.removePhone(tenant, user.id)
      await client.resetQueries({ queryKey: [tenant, 'users', user.id, 'phone'] })
    })
  const has = phone.data && !none
  return (
    <section aria-label={w.admin.user.phone} className="group">
      <h3>{w.admin.user.phone}</h3>
      <p className="quiet">{w.admin.user.phoneHint}</p>
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      {phone.isError && !none && <TroubleNotice trouble={phone.error} retry={() => void phone.refetch()} />}
      <div className="form-act">
        <p className="figures">
          {has ? named(w, w.admin.user.phoneId, phone.data.id) : none ? w.admin.user.phoneNone : ''}
          {has && phone.data.lockedUntil != null && <span className="field-error"> {w.admin.user.phoneLocked(f.clock(phone.data.lockedUntil))}</span>}
        </p>
        <span className="buttons">
          {(has || none) && (
            <Button onPress={() => void give()} isDisabled={busy}>
              {has ? w.admin.user.phoneChange : w.admin.user.phoneGive}
            </Button>
          )}
          {has && (
            <Button onPress={() => void remove()} isDisabled={busy}>
              {w.admin.user.phoneRemove}
            </Button>
          )}
        </span>
      </div>
    </section>
  )
}
