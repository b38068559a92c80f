import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { admin, type Standing } from '../../api/admin'
import { useMe } from '../../app/Entrance'
import { session } from '../../app/session'
import { useWords } from '../../i18n'
import { named } from '../../i18n/colon'
import { Ask, Button, Field } from '../../ui/controls'
import { Check, Cross, Mark, Warning } from '../../ui/icons'
import { useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'

/** All an agency's tenants at a look: who is ill, who uses what, who has not drilled. */
export function DeskScreen() {
  const { w, f } = useWords()
  const { agency } = useParams({ from: '/agencies/$agency' })
  const [search, setSearch] = useState('')
  const [asking, setAsking] = useState<Standing>()
  const standings = useInfiniteQuery({
    queryKey: ['agencies', agency, 'tenants'],
    queryFn: ({ pageParam }) => admin.standings(agency, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 1 ? 15_000 : false),
  })
  useTitle(w.agency.title)
  const all = standings.data?.pages.flatMap((page) => page.items) ?? []
  const wanted = search.trim().toLocaleLowerCase()
  const shown = all.filter(({ tenant }) => tenant.name.toLocaleLowerCase().includes(wanted) || tenant.slug.includes(wanted))
  return (
    <DeskFrame>
      <header className="head-row">
        <div>
          <h1>{w.agency.title}</h1>
          {standings.data && !standings.hasNextPage && <p className="quiet figures">{w.agency.lead(all.length)}</p>}
        </div>
        <Link to="/agencies/$agency/welcome" params={{ agency }} className="button button-primary">
          {w.agency.welcome}
        </Link>
      </header>
      {standings.isError && <TroubleNotice trouble={standings.error} retry={() => void standings.refetch()} />}
      {standings.isPending && <p className="quiet">{w.loading}</p>}
      {all.length > 5 && <Field label={w.agency.find} value={search} onChange={setSearch} autoComplete="off" />}
      {standings.isSuccess && all.length === 0 && (
        <Notice tone="plain" title={w.agency.none}>
          <p>{w.agency.noneCure}</p>
        </Notice>
      )}
      <ul className="standings">
        {shown.map((standing) => (
          <StandingCard key={standing.tenant.slug} agency={agency} standing={standing} onAsk={() => setAsking(standing)} />
        ))}
      </ul>
      {standings.hasNextPage && (
        <p className="people-foot quiet figures">
          {w.board.showing(f.n(shown.length))}
          <Button size="small" onPress={() => void standings.fetchNextPage()} isDisabled={standings.isFetchingNextPage}>
            {w.agency.more}
          </Button>
        </p>
      )}
      {asking && <Suspend agency={agency} standing={asking} onClose={() => setAsking(undefined)} />}
    </DeskFrame>
  )
}

/** What is around the agency's own screens: its people are with no tenant here. */
export function DeskFrame({ title, children }: { title?: string; children: React.ReactNode }) {
  const { w } = useWords()
  const me = useMe()
  return (
    <>
      <a className="skip" href="#content">
        {w.skip}
      </a>
      <header className="bar">
        <Link to="/" className="bar-home">
          <Mark />
          <span className="bar-tenant">{title ?? w.agency.title}</span>
        </Link>
        <span className="bar-nav desk-me">
          <span className="quiet">
            <bdi>{me.name}</bdi>
          </span>
          <Button kind="quiet" size="small" onPress={() => void session.signOut()}>
            {w.menu.signOut}
          </Button>
        </span>
      </header>
      <main className="page" id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}

function StandingCard({ agency, standing, onAsk }: { agency: string; standing: Standing; onAsk: () => void }) {
  const { w, f } = useWords()
  const { tenant, usage, channels, consent } = standing
  const ill = channels.filter((channel) => channel.state !== 'UP')
  const suspended = tenant.state === 'suspended'
  const tone = suspended || channels.length === 0 || channels.every((channel) => channel.state === 'DOWN') ? 'bad' : ill.length > 0 ? 'warn' : 'good'
  return (
    <li className="panel standing" data-off={suspended || undefined}>
      <div className="standing-head">
        <h2>
          <Plain>{tenant.name}</Plain>
        </h2>
        <p className="tone" data-tone={tone}>
          {tone === 'good' ? <Check size={16} /> : tone === 'warn' ? <Warning size={16} /> : <Cross size={16} />}
          {suspended ? w.agency.suspended : channels.length === 0 ? w.agency.noChannel : ill.length === 0 ? w.agency.allUp : w.agency.someDown(ill.map((channel) => w.channel[channel.channel] ?? channel.channel).join(', '))}
        </p>
      </div>
      <dl className="standing-facts figures">
        <div>
          <dt>{w.agency.month}</dt>
          <dd>
            {w.agency.consumed(usage.alerts, usage.drills, usage.messages, f.n)}
            {usage.parts > usage.messages && ` ${w.kin.billed(f.n(usage.parts))}`}
            {usage.running > 0 && <strong> · {w.agency.running(usage.running)}</strong>}
          </dd>
        </div>
        <div>
          <dt>{w.agency.contacts}</dt>
          <dd>
            {w.agency.ofQuota(f.n(standing.contacts), f.n(tenant.maxContacts))}
            <meter className="unseen" min={0} max={Math.max(1, tenant.maxContacts)} value={standing.contacts} aria-label={w.agency.contacts} />
          </dd>
        </div>
        <div>
          <dt>{w.agency.lastDrill}</dt>
          <dd>{usage.lastDrill != null ? f.ago(usage.lastDrill) : w.agency.never}</dd>
        </div>
        <div>
          <dt>{w.agency.consent}</dt>
          <dd>{consent ? w.agency.consentYes(f.day(consent.until)) : w.agency.consentNo}</dd>
        </div>
      </dl>
      <div className="standing-acts">
        <Link to="/t/$tenant" params={{ tenant: tenant.slug }} className="button button-plain button-small">
          {w.agency.enter(tenant.name)}
        </Link>
        {tenant.source === 'api' && usage.lastAlert == null && usage.lastDrill == null && (
          <Link to="/agencies/$agency/welcome" params={{ agency }} search={{ tenant: tenant.slug, step: 5 }} className="button button-plain button-small">
            {w.agency.finish}
          </Link>
        )}
        <Button size="small" kind={suspended ? 'plain' : 'danger'} aria-label={`${suspended ? w.agency.reinstate : w.agency.suspend} : ${tenant.name}`} onPress={onAsk}>
          {suspended ? w.agency.reinstate : w.agency.suspend}
        </Button>
      </div>
    </li>
  )
}

function Suspend({ agency, standing, onClose }: { agency: string; standing: Standing; onClose: () => void }) {
  const { w } = useWords()
  const client = useQueryClient()
  const { tenant } = standing
  const suspended = tenant.state === 'suspended'
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if ((!suspended && !reason.trim()) || busy) return
    setBusy(true)
    setTrouble(undefined)
    try {
      await (suspended ? admin.reinstate(tenant.slug) : admin.suspend(tenant.slug, reason.trim()))
      await client.invalidateQueries({ queryKey: ['agencies', agency, 'tenants'] })
      onClose()
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }
  return (
    <Ask open onClose={onClose} title={suspended ? named(w, w.agency.reinstate, tenant.name) : w.agency.suspendTitle(tenant.name)} role="alertdialog" keepOpen={busy}>
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble !== undefined && <TroubleNotice trouble={trouble} />}
        {!suspended && (
          <>
            <p>{w.agency.suspendText}</p>
            <Field label={w.agency.reason} hint={w.agency.reasonHint} value={reason} onChange={setReason} maxLength={200} autoComplete="off" isRequired error={tried && !reason.trim() ? w.admin.required : undefined} />
          </>
        )}
        <div className="dialog-buttons">
          <Button onPress={onClose} isDisabled={busy}>
            {w.admin.cancel}
          </Button>
          <Button type="submit" kind={suspended ? 'primary' : 'danger'} isDisabled={busy}>
            {suspended ? w.agency.reinstate : w.agency.suspend}
          </Button>
        </div>
      </form>
    </Ask>
  )
}
