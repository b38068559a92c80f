import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import { admin } from '../../api/admin'
import { api, ask, onceKey } from '../../api/client'
import { queries } from '../../api/queries'
import { useWords } from '../../i18n'
import { named } from '../../i18n/colon'
import { Button, Field } from '../../ui/controls'
import { Check, ChannelIcon, Cross } from '../../ui/icons'
import { useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Pick } from '../../ui/pick'
import { AccountForm } from '../admin/AccountForm'
import { drawPassword } from '../admin/draw'
import { faultOf } from '../admin/faults'
import { Once } from '../admin/Once'
import { DeskFrame } from './DeskScreen'
import { slugOf } from './slug'
import { Plain } from '../../ui/plain'

/**
 * A tenant in five steps. Each step is done when the server has it, and which tenant and step stands in the address: leaving, reloading or a
 * lost connection loses nothing.
 */
export function WelcomeScreen() {
  const { w } = useWords()
  const { agency } = useParams({ from: '/agencies/$agency/welcome' })
  const { tenant, step = 1 } = useSearch({ from: '/agencies/$agency/welcome' })
  const navigate = useNavigate()
  const at = tenant ? Math.min(5, Math.max(2, step)) : 1
  const head = useRef<HTMLHeadingElement>(null)
  const first = useRef(true)
  useTitle(`${w.agency.welcome} · ${w.agency.steps[at - 1]}`)
  useEffect(() => {
    if (!first.current) head.current?.focus()
    first.current = false
  }, [at])
  const go = (to: number, slug = tenant) => void navigate({ to: '/agencies/$agency/welcome', params: { agency }, search: { ...(slug ? { tenant: slug } : {}), step: to } })
  return (
    <DeskFrame>
      <div className="welcome">
        <header>
          <p>
            <Link to="/agencies/$agency" params={{ agency }}>
              {w.agency.backToDesk}
            </Link>
          </p>
          <h1>{w.agency.welcome}</h1>
          <ol className="steps">
            {w.agency.steps.map((name, index) => (
              <li key={name} className="step" data-at={index + 1 === at ? 'now' : undefined} aria-current={index + 1 === at ? 'step' : undefined}>
                <span className="step-no">{index + 1 < at ? <Check size={14} /> : index + 1}</span>
                {name}
                {index + 1 < at && <span className="unseen"> ({w.agency.stepDone})</span>}
              </li>
            ))}
          </ol>
        </header>
        <section className="panel" aria-labelledby="welcome-step">
          <p className="quiet figures">{w.agency.stepOf(at, w.agency.steps.length)}</p>
          <h2 id="welcome-step" tabIndex={-1} ref={head}>
            {w.agency.steps[at - 1]}
          </h2>
          {at === 1 && <MakeTenant agency={agency} onMade={(slug) => go(2, slug)} />}
          {at === 2 && tenant && <MakeAdministrator tenant={tenant} onNext={() => go(3)} />}
          {at === 3 && tenant && <GiveAccounts tenant={tenant} onNext={() => go(4)} />}
          {at === 4 && tenant && <FirstContacts tenant={tenant} onNext={() => go(5)} />}
          {at === 5 && tenant && <Readiness agency={agency} tenant={tenant} onStep={go} />}
        </section>
        {at > 1 && <p className="quiet">{w.agency.found}</p>}
      </div>
    </DeskFrame>
  )
}

const ZONES = ['Europe/Paris', 'America/Guadeloupe', 'America/Martinique', 'America/Cayenne', 'Indian/Reunion', 'Indian/Mayotte', 'Pacific/Noumea', 'Pacific/Tahiti']

function MakeTenant({ agency, onMade }: { agency: string; onMade: (slug: string) => void }) {
  const { w } = useWords()
  const [name, setName] = useState('')
  const [slug, setSlug] = useState<string>()
  const [kind, setKind] = useState('commune')
  const [timeZone, setTimeZone] = useState('Europe/Paris')
  const [smsSender, setSmsSender] = useState('')
  const [maxContacts, setMaxContacts] = useState('100000')
  const [maxRecipients, setMaxRecipients] = useState('100000')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const short = slug ?? slugOf(name)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!name.trim() || !short || busy) return
    setBusy(true)
    setTrouble(undefined)
    try {
      const made = await admin.makeTenant({
        agency,
        slug: short,
        name: name.trim(),
        kind,
        timeZone,
        ...(smsSender.trim() ? { smsSender: smsSender.trim() } : {}),
        maxContacts: Number(maxContacts),
        maxRecipients: Number(maxRecipients),
      })
      onMade(made.slug)
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }
  const digits = (text: string) => text.replace(/\D/g, '')
  return (
    <form className="form" noValidate onSubmit={(event) => void submit(event)}>
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      <div className="fields">
        <Field label={w.agency.name} value={name} onChange={setName} maxLength={100} autoComplete="off" isRequired error={tried && !name.trim() ? w.admin.required : faultOf(trouble, 'name')} />
        <Field label={w.agency.slug} hint={w.agency.slugHint} value={short} onChange={setSlug} maxLength={64} autoComplete="off" isRequired error={tried && !short ? w.admin.required : faultOf(trouble, 'slug')} />
        <Pick label={w.agency.kind} value={kind} onChange={setKind} options={Object.entries(w.agency.kinds).map(([value, text]) => ({ value, text }))} error={faultOf(trouble, 'kind')} />
        <Pick label={w.agency.timeZone} value={timeZone} onChange={setTimeZone} options={ZONES.map((value) => ({ value, text: value.replace('_', ' ') }))} />
        <Field label={w.agency.smsSender} hint={w.agency.smsSenderHint} value={smsSender} onChange={setSmsSender} maxLength={15} autoComplete="off" error={faultOf(trouble, 'smsSender')} />
        <Field label={w.agency.maxContacts} value={maxContacts} onChange={(text) => setMaxContacts(digits(text))} maxLength={9} error={faultOf(trouble, 'maxContacts')} />
        <Field label={w.agency.maxRecipients} value={maxRecipients} onChange={(text) => setMaxRecipients(digits(text))} maxLength={9} error={faultOf(trouble, 'maxRecipients')} />
      </div>
      <div className="dialog-buttons">
        <Button type="submit" kind="primary" isDisabled={busy}>
          {busy ? w.admin.saving : w.agency.make}
        </Button>
      </div>
    </form>
  )
}

function Next({ onNext, done, children }: { onNext: () => void; done: boolean; children?: ReactNode }) {
  const { w } = useWords()
  return (
    <div className="dialog-buttons">
      {children}
      <Button kind={done ? 'primary' : 'plain'} onPress={onNext}>
        {done ? w.agency.next : w.agency.later}
      </Button>
    </div>
  )
}

function MakeAdministrator({ tenant, onNext }: { tenant: string; onNext: () => void }) {
  const { w } = useWords()
  const users = useQuery(admin.users(tenant))
  const [name, setName] = useState('')
  const [login, setLogin] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const [shown, setShown] = useState<{ name: string; login: string; secret: string }>()
  const there = users.data?.items.find((user) => user.roles.includes('tenant-admin') && user.state === 'active')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!name.trim() || !login.trim() || busy) return
    setBusy(true)
    setTrouble(undefined)
    const secret = drawPassword()
    try {
      const made = await admin.makeUser(tenant, { login: login.trim(), name: name.trim(), roles: ['tenant-admin', 'activator'], password: secret })
      setShown({ name: made.name, login: made.login, secret })
      await users.refetch()
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      {users.isError && <TroubleNotice trouble={users.error} retry={() => void users.refetch()} />}
      {there ? (
        <Notice tone="good" title={w.agency.madeAdmin(there.name)} live>
          <p>
            {named(w, w.admin.user.login, '')}
            <Plain>{there.login}</Plain>
          </p>
        </Notice>
      ) : (
        <form className="form" noValidate onSubmit={(event) => void submit(event)}>
          <p className="quiet">{w.agency.adminLead}</p>
          {trouble !== undefined && <TroubleNotice trouble={trouble} />}
          <div className="fields">
            <Field label={w.admin.user.name} value={name} onChange={setName} maxLength={100} autoComplete="off" isRequired error={tried && !name.trim() ? w.admin.required : faultOf(trouble, 'name')} />
            <Field label={w.admin.user.login} hint={w.admin.user.loginHint} value={login} onChange={setLogin} maxLength={100} autoComplete="off" isRequired error={tried && !login.trim() ? w.admin.required : faultOf(trouble, 'login')} />
          </div>
          <p className="quiet">{w.admin.user.passwordNew}</p>
          <div className="dialog-buttons">
            <Button type="submit" kind="primary" isDisabled={busy}>
              {busy ? w.admin.saving : w.agency.makeAdmin}
            </Button>
          </div>
        </form>
      )}
      <Next onNext={onNext} done={there !== undefined} />
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
    </>
  )
}

function GiveAccounts({ tenant, onNext }: { tenant: string; onNext: () => void }) {
  const { w } = useWords()
  const accounts = useQuery(admin.accounts(tenant))
  const [adding, setAdding] = useState(false)
  const items = accounts.data?.items ?? []
  return (
    <>
      <p className="quiet">{w.agency.accountsLead}</p>
      {accounts.isError && <TroubleNotice trouble={accounts.error} retry={() => void accounts.refetch()} />}
      {accounts.isSuccess && (items.length === 0 ? <Notice tone="warn" title={w.agency.accountsNone} /> : items.some((view) => view.shared) && <Notice tone="good" title={w.agency.accountsShared} />)}
      <ul className="rows">
        {items.map(({ account, shared, status }) => (
          <li key={account.id} className="row">
            <ChannelIcon channel={account.channel} />
            <span className="row-main">
              {account.slug} {shared && <span className="role">{w.admin.account.shared}</span>}
            </span>
            <span className="tone" data-tone={status?.health.state === 'UP' ? 'good' : 'bad'}>
              {status?.health.state === 'UP' ? <Check size={16} /> : <Cross size={16} />}
              {status ? w.channelState[status.health.state] : w.admin.account.notOpen}
            </span>
          </li>
        ))}
      </ul>
      <Next onNext={onNext} done={items.length > 0}>
        <Button onPress={() => setAdding(true)}>{w.agency.addAccount}</Button>
      </Next>
      {adding && <AccountForm tenant={tenant} view={undefined} onClose={() => setAdding(false)} />}
    </>
  )
}

function FirstContacts({ tenant, onNext }: { tenant: string; onNext: () => void }) {
  const { w } = useWords()
  const [lastName, setLastName] = useState('')
  const [firstName, setFirstName] = useState('')
  const [mobile, setMobile] = useState('')
  const [legalBasis, setLegalBasis] = useState('mission de service public')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [added, setAdded] = useState<string>()
  const [trouble, setTrouble] = useState<unknown>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!lastName.trim() || !mobile.trim() || busy) return
    setBusy(true)
    setTrouble(undefined)
    try {
      const body = { externalId: `agence-${onceKey().slice(0, 12)}`, lastName: lastName.trim(), firstName: firstName.trim(), language: 'fr', origin: 'agence', legalBasis, addresses: [mobile.trim()] }
      await ask(api.POST('/tenants/{tenant}/contacts', { params: { path: { tenant } }, body }))
      setAdded(`${firstName} ${lastName}`.trim())
      setLastName('')
      setFirstName('')
      setMobile('')
      setTried(false)
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <p className="quiet">{w.agency.contactsLead}</p>
      {added && <Notice tone="good" title={w.agency.addedPerson(added)} live />}
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        <h3>{w.agency.addPerson}</h3>
        {trouble !== undefined && <TroubleNotice trouble={trouble} />}
        <div className="fields">
          <Field label={w.agency.lastName} value={lastName} onChange={setLastName} maxLength={100} autoComplete="off" isRequired error={tried && !lastName.trim() ? w.admin.required : faultOf(trouble, 'lastName')} />
          <Field label={w.agency.firstName} value={firstName} onChange={setFirstName} maxLength={100} autoComplete="off" error={faultOf(trouble, 'firstName')} />
          <Field label={w.agency.mobile} hint={w.agency.mobileHint} value={mobile} onChange={setMobile} maxLength={40} autoComplete="off" isRequired error={tried && !mobile.trim() ? w.admin.required : faultOf(trouble, 'addresses', 'addresses[0]')} />
          <Pick label={w.agency.legalBasis} value={legalBasis} onChange={setLegalBasis} options={Object.entries(w.agency.legalBases).map(([value, text]) => ({ value, text }))} />
        </div>
        <div className="dialog-buttons">
          <Button type="submit" isDisabled={busy}>
            {busy ? w.admin.saving : w.agency.addThis}
          </Button>
        </div>
      </form>
      <Next onNext={onNext} done={added !== undefined}>
        <Link to="/t/$tenant/contacts/import" params={{ tenant }} className="button button-plain">
          {w.contacts.import}
        </Link>
      </Next>
    </>
  )
}

function Readiness({ agency, tenant, onStep }: { agency: string; tenant: string; onStep: (step: number) => void }) {
  const { w } = useWords()
  const known = useQuery(queries.tenant(tenant))
  const users = useQuery(admin.users(tenant))
  const channels = useQuery(queries.channels(tenant))
  const scenarios = useQuery(queries.scenarios(tenant))
  const contacts = useQuery({
    queryKey: [tenant, 'contacts', 'any'],
    queryFn: () => ask(api.GET('/tenants/{tenant}/contacts', { params: { path: { tenant }, query: { limit: 1 } } })),
  })
  const failed = known.error ?? users.error ?? channels.error ?? scenarios.error ?? contacts.error
  const pending = [known, users, channels, scenarios, contacts].some((each) => each.isPending)
  const checks = [
    { text: w.agency.checkSuspended, done: known.data?.state === 'active' },
    { text: w.agency.checkAdmin, done: users.data?.items.some((user) => user.roles.includes('tenant-admin') && user.state === 'active') === true, step: 2 },
    { text: w.agency.checkChannel, done: channels.data?.items.some((channel) => channel.state === 'UP') === true, step: 3 },
    { text: w.agency.checkContacts, done: (contacts.data?.items.length ?? 0) > 0, step: 4 },
    { text: w.agency.checkScenario, done: (scenarios.data?.items.length ?? 0) > 0 },
  ]
  const open = checks.filter((check) => !check.done).length
  return (
    <>
      <p className="quiet">{w.agency.readyLead}</p>
      {failed && <TroubleNotice trouble={failed} />}
      {!pending && <Notice tone={open === 0 ? 'good' : 'warn'} title={open === 0 ? w.agency.allReady : w.agency.notReady(open)} live />}
      <ul className="rows">
        {checks.map(({ text, done, step }) => (
          <li key={text} className="row">
            <span className="row-main">{text}</span>
            {!done && step && (
              <Button size="small" onPress={() => onStep(step)}>
                {w.agency.steps[step - 1]}
              </Button>
            )}
            <span className="tone" data-tone={done ? 'good' : 'warn'}>
              {done ? <Check size={16} /> : <Cross size={16} />}
              {done ? w.agency.yes : w.agency.no}
            </span>
          </li>
        ))}
      </ul>
      <div className="dialog-buttons">
        <Link to="/agencies/$agency" params={{ agency }} className="button button-plain">
          {w.agency.backToDesk}
        </Link>
        <Link to="/t/$tenant" params={{ tenant }} className="button button-primary">
          {w.agency.enterNow}
        </Link>
      </div>
    </>
  )
}
