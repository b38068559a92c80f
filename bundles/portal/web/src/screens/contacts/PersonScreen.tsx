import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { directory, type Person } from '../../api/contacts'
import { queries } from '../../api/queries'
import { Trouble } from '../../api/trouble'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { inFrench } from '../../ui/french'
import { useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { Seen } from '../../ui/seen'
import { nowhere, placeOf } from '../../ui/map/place'
import { useKept } from '../../ui/unsaved'
import { Conflict } from './Conflict'
import { nameOf, PersonName } from './names'
import { PersonForm, type Faults } from './PersonForm'
import { keepRemoved } from './removed'
import { changed, draftOf, editOf, take, threeWay, type Draft, type Field } from './threeWay'

const NOTHING: Faults = new Map()

/** What the API found wrong, by field; what is told of no field on this screen is told above it. */
export function faultsOf(trouble: unknown, french: boolean): Faults {
  const errors = trouble instanceof Trouble && trouble.kind === 'refused' ? (trouble.problem?.errors ?? []) : []
  return new Map(
    errors.map(({ field, problem }) => [
      field
        .replace(/^addresses\[(\d+)].*$/, 'endpoints[$1]')
        .replace(/^endpoints\[(\d+)].*$/, 'endpoints[$1]')
        .replace(/^addresses$/, 'endpoints'),
      (french && inFrench(problem)) || problem,
    ]),
  )
}

/** What can be said before anything is sent. */
function missing(draft: Draft, words: { endpointNone: string; endpointMissing: string; legalBasisMissing: string; placeHalf: string }): Faults {
  const faults = new Map<string, string>()
  if (draft.endpoints.every(({ address }) => !address.trim())) faults.set('endpoints', words.endpointNone)
  else draft.endpoints.forEach(({ address }, index) => !address.trim() && faults.set(`endpoints[${index}]`, words.endpointMissing))
  if (!draft.legalBasis.trim()) faults.set('legalBasis', words.legalBasisMissing)
  // Whichever of the two is empty or cannot be read; that it is wrong is told at its field already.
  if ((draft.place.latitude.trim() || draft.place.longitude.trim()) && !placeOf(draft.place)) faults.set('place', words.placeHalf)
  return faults
}

function Back({ tenant }: { tenant: string }) {
  const { w } = useWords()
  return (
    <Link to="/t/$tenant/contacts" params={{ tenant }} className="room-back">
      ← {w.contacts.back}
    </Link>
  )
}

export function NewPersonScreen() {
  const { w } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const known = useQuery(queries.tenant(tenant))
  const navigate = useNavigate()
  const client = useQueryClient()
  const [draft, setDraft] = useState<Draft>(() => ({
    firstName: '',
    lastName: '',
    externalId: '',
    language: '',
    household: '',
    legalBasis: w.contacts.legalBasisUsual,
    origin: w.contacts.originUsual,
    tags: [],
    endpoints: [{ kind: 'mobile', address: '' }],
    variables: [],
    place: nowhere,
  }))
  const [begun] = useState(draft)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const [local, setLocal] = useState(NOTHING)
  const [tries, setTries] = useState(0)
  const language = draft.language || known.data?.language || 'fr'
  const kept = useKept(changed(begun, draft).length > 0)
  useTitle(w.contacts.newPerson)

  const create = async () => {
    const wrong = missing(draft, w.contacts)
    setLocal(wrong)
    setTries((before) => before + 1)
    setTrouble(undefined)
    if (wrong.size > 0) return
    setBusy(true)
    try {
      const made = await directory.create(tenant, editOf({ ...draft, language }))
      void client.invalidateQueries({ queryKey: [tenant, 'contacts'] })
      kept.release()
      await navigate({ to: '/t/$tenant/contacts/$contact', params: { tenant, contact: made.id }, replace: true })
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }

  return (
    <form
      className="room room-narrow"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void create()
      }}
    >
      <header className="room-head">
        <Back tenant={tenant} />
        <h1>{w.contacts.newPerson}</h1>
      </header>
      <Wrong key={`wrong ${tries}`} trouble={trouble} local={local} />
      <PersonForm tenant={tenant} draft={{ ...draft, language }} onChange={setDraft} faults={local.size > 0 ? local : faultsOf(trouble, w.locale.startsWith('fr'))} mayEdit isNew />
      <div className="save-bar">
        <Button type="submit" kind="primary" isDisabled={busy}>
          {busy ? w.contacts.saving : w.contacts.create}
        </Button>
      </div>
      {kept.ask}
    </form>
  )
}

/** What went wrong, once above the form; the fields themselves say which. */
function Wrong({ trouble, local }: { trouble: unknown; local: Faults }) {
  const { w } = useWords()
  if (local.size === 0 && trouble === undefined) return null
  return (
    <Seen>
      {local.size > 0 ? (
        <Notice tone="bad" title={w.contacts.correct(local.size)} live>
          <ul className="notice-list">
            {[...local].map(([field, fault]) => (
              <li key={field}>{fault}</li>
            ))}
          </ul>
        </Notice>
      ) : (
        <TroubleNotice trouble={trouble} />
      )}
    </Seen>
  )
}

export function PersonScreen() {
  const { w } = useWords()
  const { tenant, contact } = useParams({ from: '/t/$tenant/contacts/$contact' })
  // Read once: what arrives later must not pull the form from under who writes. Whoever else wrote meanwhile is met when it is saved.
  const person = useQuery({ ...directory.person(tenant, contact), staleTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false })
  if (person.data) return <Edit key={`${tenant} ${contact}`} tenant={tenant} person={person.data} />
  return (
    <div className="room room-narrow">
      <Back tenant={tenant} />
      {person.isError ? (
        <TroubleNotice trouble={person.error} retry={() => void person.refetch()} />
      ) : (
        <p className="quiet waiting" role="status">
          {w.loading}
        </p>
      )}
    </div>
  )
}

function Edit({ tenant, person }: { tenant: string; person: Person }) {
  const { w } = useWords()
  const client = useQueryClient()
  const navigate = useNavigate()
  const mayEdit = useMay('tenant-admin', 'agency-admin')
  const [base, setBase] = useState(person)
  const [draft, setDraft] = useState(() => draftOf(person))
  const [busy, setBusy] = useState(false)
  const [saved, setSaved] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const [local, setLocal] = useState(NOTHING)
  const [tries, setTries] = useState(0)
  const [met, setMet] = useState<{ theirs: Person; taken: Field[]; conflicts: Field[] }>()
  const [gone, setGone] = useState(false)
  const changes = changed(draftOf(base), draft)
  const kept = useKept(changes.length > 0)
  const name = nameOf(base) || w.contacts.unnamed(base.externalId)
  useTitle(name)
  useEffect(() => {
    // A fresher copy may come while nothing is written here.
    if (changes.length === 0 && person.version > base.version) {
      setBase(person)
      setDraft(draftOf(person))
    }
  }, [person])

  const accept = (now: Person) => {
    client.setQueryData(directory.person(tenant, base.id).queryKey, now)
    void client.invalidateQueries({ queryKey: [tenant, 'contacts', 'count'] })
    void client.invalidateQueries({ queryKey: [tenant, 'contacts', 'window'] })
    void client.invalidateQueries({ queryKey: [tenant, 'contacts', 'tags'] })
    setBase(now)
    setDraft(draftOf(now))
    setMet(undefined)
    setGone(false)
    setSaved(true)
  }
  const change = (next: Draft) => {
    setSaved(false)
    setDraft(next)
  }

  const save = async () => {
    const wrong = missing(draft, w.contacts)
    setLocal(wrong)
    setTries((before) => before + 1)
    setTrouble(undefined)
    if (wrong.size > 0) return
    setBusy(true)
    try {
      accept(await directory.save(tenant, base.id, base.version, editOf(draft)))
    } catch (failure) {
      if (failure instanceof Trouble && failure.kind === 'changed') await meet()
      else if (failure instanceof Trouble && failure.kind === 'gone') setGone(true)
      else setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }

  /** Somebody else saved first: what they wrote, beside what is written here. */
  const meet = async () => {
    try {
      const theirs = await client.fetchQuery({ ...directory.person(tenant, base.id), staleTime: 0 })
      const { merged, taken, conflicts } = threeWay(draftOf(base), draft, draftOf(theirs))
      setBase(theirs)
      setDraft(merged)
      setMet({ theirs, taken, conflicts })
    } catch (failure) {
      if (failure instanceof Trouble && failure.kind === 'gone') setGone(true)
      else setTrouble(failure)
    }
  }

  const restore = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      accept(await directory.create(tenant, editOf(draft)))
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }

  const remove = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await directory.remove(tenant, base.id)
      keepRemoved(tenant, { name, edit: editOf(draftOf(base)) })
      kept.release()
      // Not this person, of whom nothing can be asked any more.
      await client.invalidateQueries({ queryKey: [tenant, 'contacts'], refetchType: 'none' })
      await navigate({ to: '/t/$tenant/contacts', params: { tenant } })
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }

  return (
    <form
      className="room room-narrow"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <header className="room-head">
        <Back tenant={tenant} />
        <h1>
          <PersonName contact={base} />
        </h1>
        {!mayEdit && <p className="quiet">{w.contacts.mayNotEdit}</p>}
      </header>
      <Wrong key={`wrong ${tries}`} trouble={trouble} local={local} />
      {gone && (
        <Seen>
          <Notice tone="bad" title={w.contacts.gone} live>
            <p>{w.contacts.goneCure}</p>
            <Button size="small" isDisabled={busy} onPress={() => void restore()}>
              {w.contacts.goneGo}
            </Button>
          </Notice>
        </Seen>
      )}
      {met && (
        <Seen key={`met ${met.theirs.version}`}>
          <Conflict
            mine={draft}
            theirs={draftOf(met.theirs)}
            taken={met.taken}
            conflicts={met.conflicts}
            onSettled={(theirs) => {
              setDraft((now) => take(now, draftOf(met.theirs), theirs))
              setMet({ ...met, conflicts: [], taken: [...met.taken, ...theirs] })
            }}
          />
        </Seen>
      )}
      <PersonForm
        tenant={tenant}
        draft={draft}
        onChange={change}
        faults={local.size > 0 ? local : faultsOf(trouble, w.locale.startsWith('fr'))}
        mayEdit={mayEdit}
        household={<Household tenant={tenant} person={base} />}
      />
      {mayEdit && !gone && (
        // Far from what is pressed every day; and it can be undone, so nothing is asked.
        <div>
          <Button kind="danger" isDisabled={busy} onPress={() => void remove()}>
            {w.contacts.remove}
          </Button>
        </div>
      )}
      {mayEdit && (
        <div className="save-bar">
          <Button type="submit" kind="primary" isDisabled={busy || gone || changes.length === 0 || (met?.conflicts.length ?? 0) > 0}>
            {busy ? w.contacts.saving : w.contacts.save}
          </Button>
          {changes.length > 0 && !gone && (
            <Button isDisabled={busy} onPress={() => setDraft(draftOf(base))}>
              {w.contacts.discard}
            </Button>
          )}
          <p className="save-state" role="status">
            {changes.length > 0 ? w.contacts.unsaved : saved ? w.contacts.saved : ''}
          </p>
        </div>
      )}
      {kept.ask}
    </form>
  )
}

function Household({ tenant, person }: { tenant: string; person: Person }) {
  const { w } = useWords()
  return (
    <>
      <h3>{w.contacts.householdOthers}</h3>
      {!person.household ? (
        <p className="quiet">{w.contacts.householdNone}</p>
      ) : person.householdMembers.length === 0 ? (
        <p className="quiet">{w.contacts.householdAlone}</p>
      ) : (
        <ul className="rows">
          {person.householdMembers.map((member) => (
            <li key={member.id} className="row">
              <Link to="/t/$tenant/contacts/$contact" params={{ tenant, contact: member.id }} className="row-main">
                <Plain>{nameOf(member) || w.contacts.unnamed(member.externalId)}</Plain>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
