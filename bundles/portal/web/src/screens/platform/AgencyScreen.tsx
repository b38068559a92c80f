import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { caps } from '../../api/admin'
import { agents, platform, type Agency } from '../../api/platform'
import { Trouble } from '../../api/trouble'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { named } from '../../i18n/colon'
import { Ask, Button, Field } from '../../ui/controls'
import { useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { Verdict } from '../../ui/verdict'
import { Caps } from '../admin/Caps'
import { faultOf } from '../admin/faults'
import { DeskFrame } from '../agency/DeskScreen'
import { Overtaken } from './Overtaken'
import { StaffPanel } from './StaffPanel'
import { weightOf } from './weight'

/** One agency as the operator keeps it: its name and weight, its own people, its caps, and whether its desk is open. */
export function AgencyScreen() {
  const { w, f } = useWords()
  const { agency: slug } = useParams({ from: '/platform/agencies/$agency' })
  const may = useMay('operator')
  const agency = useQuery({ ...platform.agency(slug), enabled: may })
  const [editing, setEditing] = useState(false)
  const [asking, setAsking] = useState(false)
  useTitle(agency.data?.name ?? w.platform.section.agencies)
  const suspended = agency.data?.state === 'suspended'
  return (
    <DeskFrame title={w.platform.title}>
      <p>
        <Link to="/platform/$section" params={{ section: 'agencies' }}>
          {w.platform.agency.back}
        </Link>
      </p>
      {!may && <Notice tone="warn" title={w.platform.mayNot} />}
      {agency.isError && <TroubleNotice trouble={agency.error} retry={() => void agency.refetch()} />}
      {may && agency.isPending && <p className="quiet">{w.loading}</p>}
      {agency.data && (
        <>
          <header className="head-row">
            <div>
              <h1>
                <Plain>{agency.data.name}</Plain>
              </h1>
              <p className="quiet figures">
                <Plain>{agency.data.slug}</Plain> · {w.platform.share(f.n(agency.data.weight))}
              </p>
            </div>
            <Verdict tone={suspended ? 'bad' : 'good'}>{suspended ? w.platform.agency.suspended : w.platform.agency.active}</Verdict>
          </header>
          {suspended && (
            <Notice tone="warn" title={w.platform.agency.suspendedNotice}>
              <p>{w.platform.agency.suspendedCure}</p>
            </Notice>
          )}
          <p className="buttons">
            <Button onPress={() => setEditing(true)}>{w.admin.edit}</Button>
            <Link to="/agencies/$agency" params={{ agency: slug }} className="button button-plain">
              {w.platform.desk(agency.data.name)}
            </Link>
            <Button kind={suspended ? 'plain' : 'danger'} onPress={() => setAsking(true)}>
              {suspended ? w.agency.reinstate : w.agency.suspend}
            </Button>
          </p>
          <StaffPanel title={w.platform.agency.people} lead={w.platform.agency.peopleLead} staff={agents(slug)} />
          <Caps of={caps.agency(slug)} lead={w.platform.agency.capsOf} />
          {editing && <AgencyForm agency={agency.data} onClose={() => setEditing(false)} />}
          {asking && <Suspension agency={agency.data} onClose={() => setAsking(false)} />}
        </>
      )}
    </DeskFrame>
  )
}

function AgencyForm({ agency, onClose }: { agency: Agency; onClose: () => void }) {
  const { w } = useWords()
  const client = useQueryClient()
  const [base, setBase] = useState(agency)
  const [newer, setNewer] = useState<Agency>()
  const [name, setName] = useState(agency.name)
  const [weight, setWeight] = useState(String(agency.weight))
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const share = weightOf(weight)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!name.trim() || share === undefined || busy || newer) return
    setBusy(true)
    setTrouble(undefined)
    try {
      await platform.saveAgency(base, { name: name.trim(), weight: share })
      await client.invalidateQueries({ queryKey: ['agencies'] })
      onClose()
    } catch (failure) {
      const theirs = failure instanceof Trouble && failure.kind === 'changed' ? await client.fetchQuery({ ...platform.agency(agency.slug), staleTime: 0 }).catch(() => undefined) : undefined
      if (theirs) setNewer(theirs)
      else setTrouble(failure)
      setBusy(false)
    }
  }
  const over = (mine: boolean) => {
    if (!newer) return
    setBase(newer)
    if (!mine) {
      setName(newer.name)
      setWeight(String(newer.weight))
    }
    setNewer(undefined)
  }
  return (
    <Ask open onClose={onClose} title={w.admin.editOne(agency.name)} keepOpen={busy}>
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble !== undefined && <TroubleNotice trouble={trouble} />}
        {newer && <Overtaken name={newer.name} onMine={() => over(true)} onTheirs={() => over(false)} />}
        <Field label={w.agency.name} value={name} onChange={setName} maxLength={100} autoComplete="off" isRequired error={tried && !name.trim() ? w.admin.required : faultOf(trouble, 'name')} />
        <Field
          label={w.platform.agency.weight}
          hint={w.platform.agency.weightHint}
          value={weight}
          onChange={setWeight}
          maxLength={3}
          isRequired
          error={tried && share === undefined ? w.platform.agency.weightWrong : faultOf(trouble, 'weight')}
        />
        <div className="dialog-buttons">
          <Button onPress={onClose} isDisabled={busy}>
            {w.admin.cancel}
          </Button>
          <Button type="submit" kind="primary" isDisabled={busy || newer !== undefined}>
            {busy ? w.admin.saving : w.admin.save}
          </Button>
        </div>
      </form>
    </Ask>
  )
}

function Suspension({ agency, onClose }: { agency: Agency; onClose: () => void }) {
  const { w } = useWords()
  const client = useQueryClient()
  const suspended = agency.state === 'suspended'
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
      await (suspended ? platform.reinstateAgency(agency.slug) : platform.suspendAgency(agency.slug, reason.trim()))
      await client.invalidateQueries({ queryKey: ['agencies'] })
      onClose()
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }
  return (
    <Ask open onClose={onClose} title={suspended ? named(w, w.agency.reinstate, agency.name) : w.agency.suspendTitle(agency.name)} role="alertdialog" keepOpen={busy}>
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble !== undefined && <TroubleNotice trouble={trouble} />}
        {!suspended && (
          <>
            <p>{w.platform.agency.suspendText}</p>
            <Field
              label={w.agency.reason}
              hint={w.platform.agency.reasonHint}
              value={reason}
              onChange={setReason}
              maxLength={500}
              autoComplete="off"
              isRequired
              error={tried && !reason.trim() ? w.admin.required : faultOf(trouble, 'reason')}
            />
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
