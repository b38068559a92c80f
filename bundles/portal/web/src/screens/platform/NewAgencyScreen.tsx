import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { caps } from '../../api/admin'
import { agents, platform } from '../../api/platform'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { named } from '../../i18n/colon'
import { Button, Field } from '../../ui/controls'
import { Check } from '../../ui/icons'
import { useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Caps } from '../admin/Caps'
import { drawPassword } from '../admin/draw'
import { faultOf } from '../admin/faults'
import { Once } from '../admin/Once'
import { DeskFrame } from '../agency/DeskScreen'
import { slugOf } from '../agency/slug'
import { weightOf } from './weight'

/** Making an agency: itself, its first administrator, its caps. Each step is kept by the server before the next: leaving and reloading lose nothing. */
export function NewAgencyScreen() {
  const { w } = useWords()
  const { agency, step } = useSearch({ from: '/platform/welcome' })
  const navigate = useNavigate()
  const may = useMay('operator')
  const steps = w.platform.agency.steps
  const at = agency ? Math.min(step ?? 2, steps.length) : 1
  const head = useRef<HTMLHeadingElement>(null)
  useTitle(`${w.platform.agency.new} · ${steps[at - 1]}`)
  useEffect(() => {
    if (at > 1) head.current?.focus()
  }, [at])
  const go = (to: number, slug = agency) => void navigate({ to: '/platform/welcome', search: { ...(slug ? { agency: slug } : {}), step: to } })
  return (
    <DeskFrame title={w.platform.title}>
      <div className="welcome">
        <header>
          <p>
            <Link to="/platform/$section" params={{ section: 'agencies' }}>
              {w.platform.agency.back}
            </Link>
          </p>
          <h1>{w.platform.agency.new}</h1>
          <ol className="steps">
            {steps.map((name, index) => (
              <li key={name} className="step" data-at={index + 1 === at ? 'now' : undefined} aria-current={index + 1 === at ? 'step' : undefined}>
                <span className="step-no">{index + 1 < at ? <Check size={14} /> : index + 1}</span>
                {name}
                {index + 1 < at && <span className="unseen"> ({w.agency.stepDone})</span>}
              </li>
            ))}
          </ol>
        </header>
        {!may ? (
          <Notice tone="warn" title={w.platform.mayNot} />
        ) : (
          <>
            <section className="panel" aria-labelledby="welcome-step">
              <p className="quiet figures">{w.agency.stepOf(at, steps.length)}</p>
              <h2 id="welcome-step" tabIndex={-1} ref={head}>
                {steps[at - 1]}
              </h2>
              {at === 1 && <MakeAgency onMade={(slug) => go(2, slug)} />}
              {at === 2 && agency && <FirstAgent agency={agency} onNext={() => go(3)} />}
              {at === 3 && <p className="quiet">{w.platform.agency.capsLead}</p>}
            </section>
            {at === 3 && agency && (
              <>
                <Caps of={caps.agency(agency)} lead={w.platform.agency.capsOf} />
                <p className="dialog-buttons">
                  <Link to="/platform/agencies/$agency" params={{ agency }} className="button button-primary">
                    {w.platform.agency.done}
                  </Link>
                </p>
              </>
            )}
          </>
        )}
      </div>
    </DeskFrame>
  )
}

function MakeAgency({ onMade }: { onMade: (slug: string) => void }) {
  const { w } = useWords()
  const [name, setName] = useState('')
  const [slug, setSlug] = useState<string>()
  const [weight, setWeight] = useState('1')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const short = slug ?? slugOf(name)
  const share = weightOf(weight)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!name.trim() || !short || share === undefined || busy) return
    setBusy(true)
    setTrouble(undefined)
    try {
      onMade((await platform.makeAgency({ slug: short, name: name.trim(), weight: share })).slug)
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }
  return (
    <form className="form" noValidate onSubmit={(event) => void submit(event)}>
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      <div className="fields">
        <Field label={w.agency.name} value={name} onChange={setName} maxLength={100} autoComplete="off" isRequired error={tried && !name.trim() ? w.admin.required : faultOf(trouble, 'name')} />
        <Field label={w.agency.slug} hint={w.agency.slugHint} value={short} onChange={setSlug} maxLength={64} autoComplete="off" isRequired error={tried && !short ? w.admin.required : faultOf(trouble, 'slug')} />
        <Field
          label={w.platform.agency.weight}
          hint={w.platform.agency.weightHint}
          value={weight}
          onChange={setWeight}
          maxLength={3}
          isRequired
          error={tried && share === undefined ? w.platform.agency.weightWrong : faultOf(trouble, 'weight')}
        />
      </div>
      <div className="dialog-buttons">
        <Button type="submit" kind="primary" isDisabled={busy}>
          {busy ? w.admin.saving : w.platform.agency.make}
        </Button>
      </div>
    </form>
  )
}

function FirstAgent({ agency, onNext }: { agency: string; onNext: () => void }) {
  const { w } = useWords()
  const staff = agents(agency)
  const people = useQuery(staff.list)
  const [name, setName] = useState('')
  const [login, setLogin] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const [shown, setShown] = useState<{ name: string; login: string; secret: string }>()
  const there = people.data?.items.find((user) => user.state === 'active')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!name.trim() || !login.trim() || busy) return
    setBusy(true)
    setTrouble(undefined)
    const secret = drawPassword()
    try {
      const made = await staff.make({ login: login.trim(), name: name.trim(), password: secret })
      setShown({ name: made.name, login: made.login, secret })
      await people.refetch()
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      {people.isError && <TroubleNotice trouble={people.error} retry={() => void people.refetch()} />}
      {there ? (
        <Notice tone="good" title={w.agency.madeAdmin(there.name)} />
      ) : (
        <form className="form" noValidate onSubmit={(event) => void submit(event)}>
          <p className="quiet">{w.platform.agency.adminLead}</p>
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
      <div className="dialog-buttons">
        <Button kind={there ? 'primary' : 'plain'} onPress={onNext}>
          {there ? w.agency.next : w.agency.later}
        </Button>
      </div>
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
