import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import { directory, WINDOW, type Asked, type Contact } from '../../api/contacts'
import { queries } from '../../api/queries'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { Button, Field } from '../../ui/controls'
import { Plus, Tray } from '../../ui/icons'
import { useTitle } from '../../ui/mode'
import { Announce, Notice, TroubleNotice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { Select } from '../../ui/select'
import { mostRows, Windowed } from '../../ui/windowed'
import { useSettled } from '../launch/settled'
import { EndpointSign, PersonName, readable } from './names'
import { Sections } from './Sections'
import { takeRemoved, type Removed } from './removed'

/** Height of a person in the table, in px. */
const ROW = 60

/** Everybody, by name: searched and windowed by the server, so that a hundred thousand are no more than ten. */
export function PeopleScreen() {
  const { w, f } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const asked = useSearch({ from: '/t/$tenant/contacts' })
  const maySee = useMay('tenant-admin', 'activator', 'supervisor', 'agency-admin')
  const mayEdit = useMay('tenant-admin', 'agency-admin')
  const navigate = useNavigate()
  const [typed, setTyped] = useState(asked.q ?? '')
  const settled = useSettled(typed, 300)
  const tags = useQuery({ ...directory.tags(tenant), enabled: maySee })
  const lists = useQuery(queries.lists(tenant))
  const everybody = useQuery({ ...directory.count(tenant, {}), enabled: maySee })
  useTitle(w.contacts.title)

  const ask = useCallback(
    (change: { q?: string | undefined; tag?: string | undefined; list?: string | undefined }) =>
      void navigate({
        to: '/t/$tenant/contacts',
        params: { tenant },
        search: (now) => ({ ...now, ...change }),
        replace: true,
        resetScroll: false,
      }),
    [navigate, tenant],
  )
  useEffect(() => {
    if (settled.trim() !== (asked.q ?? '')) ask({ q: settled.trim() || undefined })
  }, [settled])

  const wanted: Asked = {
    ...(asked.q ? { search: asked.q } : {}),
    ...(asked.tag ? { tag: asked.tag } : {}),
    ...(asked.list ? { list: asked.list } : {}),
  }
  const isFiltered = Object.keys(wanted).length > 0
  const any = { value: '', text: w.contacts.any }

  return (
    <div className="room">
      <Sections
        tenant={tenant}
        title={w.contacts.people}
        lead={everybody.data && <p className="quiet figures">{w.contacts.found(f.n(everybody.data.people), everybody.data.people)}</p>}
      >
        {mayEdit && (
          <>
            <Link to="/t/$tenant/contacts/new" params={{ tenant }} className="button button-plain">
              <Plus size={18} /> {w.contacts.add}
            </Link>
            <Link to="/t/$tenant/contacts/import" params={{ tenant }} className="button button-primary">
              <Tray size={18} /> {w.contacts.import}
            </Link>
          </>
        )}
      </Sections>
      <Undo tenant={tenant} />
      {!maySee ? (
        <Notice tone="plain" title={w.contacts.mayNotSee} />
      ) : everybody.data?.people === 0 ? (
        <Notice tone="plain" title={w.contacts.empty}>
          <p>{w.contacts.emptyCure}</p>
        </Notice>
      ) : (
        <section className="panel people-panel" aria-label={w.contacts.people}>
          <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
            <Field label={w.contacts.search} hint={w.contacts.searchHint} type="search" value={typed} onChange={setTyped} maxLength={100} />
            <Select
              label={w.contacts.tag}
              value={asked.tag ?? ''}
              onChange={(tag) => ask({ tag: tag || undefined })}
              options={[any, ...known(tags.data?.items.map(({ tag, people }) => ({ value: tag, text: `${tag} (${f.n(people)})` })) ?? [], asked.tag)]}
            />
            <Select
              label={w.contacts.list}
              value={asked.list ?? ''}
              onChange={(list) => ask({ list: list || undefined })}
              options={[any, ...known(lists.data?.items.map(({ slug, name }) => ({ value: slug, text: name })) ?? [], asked.list)]}
            />
          </form>
          <Table key={JSON.stringify(wanted)} tenant={tenant} asked={wanted} />
          {isFiltered && (
            <Button
              kind="quiet"
              size="small"
              className="filters-clear"
              onPress={() => {
                setTyped('')
                ask({ q: undefined, tag: undefined, list: undefined })
              }}
            >
              {w.contacts.clear}
            </Button>
          )}
        </section>
      )}
    </div>
  )
}

/** What is chosen stays in the choice, whether it is still there or not. */
function known(options: { value: string; text: string }[], chosen: string | undefined) {
  return chosen && !options.some(({ value }) => value === chosen) ? [...options, { value: chosen, text: chosen }] : options
}

function Table({ tenant, asked }: { tenant: string; asked: Asked }) {
  const { w, f } = useWords()
  const count = useQuery({ ...directory.count(tenant, asked), placeholderData: undefined })
  const [seen, setSeen] = useState({ from: 0, to: 30 })
  // A scroll bar that is thrown passes hundreds of windows: only where it comes to rest is asked for.
  const at = useSettled(seen, 120)
  const first = Math.floor(at.from / WINDOW)
  const last = Math.floor(Math.max(at.from, at.to - 1) / WINDOW)
  const rows = Math.min(count.data?.people ?? 0, mostRows(ROW))
  const windows = Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((each) => each * WINDOW < Math.max(1, rows))
  const read = useQueries({ queries: windows.map((each) => ({ ...directory.window(tenant, asked, each), enabled: rows > 0 })) })
  const people = new Map<number, Contact>()
  read.forEach((each, index) => each.data?.items.forEach((contact, offset) => people.set(windows[index]! * WINDOW + offset, contact)))
  const failed = count.error ?? read.find((each) => each.isError)?.error
  const onWindow = useCallback((from: number, to: number) => setSeen({ from, to }), [])

  if (failed) {
    return <TroubleNotice trouble={failed} retry={() => void Promise.all([count.refetch(), ...read.map((each) => each.refetch())])} />
  }
  if (!count.data) {
    return (
      <p className="quiet waiting" role="status">
        {w.loading}
      </p>
    )
  }
  return (
    <>
      <Announce>{w.contacts.found(f.n(count.data.people), count.data.people)}</Announce>
      {rows === 0 ? (
        <Notice tone="plain" title={w.contacts.none}>
          <p>{w.contacts.noneCure}</p>
        </Notice>
      ) : (
        <>
          {Object.keys(asked).length > 0 && <p className="figures filters-found">{w.contacts.found(f.n(count.data.people), count.data.people)}</p>}
          <Windowed
            label={w.contacts.people}
            rows={rows}
            row={ROW}
            onWindow={onWindow}
            head={
              <>
                <span role="columnheader">{w.contacts.name}</span>
                <span role="columnheader">{w.contacts.reach}</span>
                <span role="columnheader">{w.contacts.tags}</span>
              </>
            }
          >
            {(index) => <Row tenant={tenant} contact={people.get(index)} />}
          </Windowed>
          {count.data.people > rows && <p className="quiet figures">{w.contacts.tooMany(f.n(rows))}</p>}
        </>
      )}
    </>
  )
}

function Row({ tenant, contact }: { tenant: string; contact: Contact | undefined }) {
  const { w } = useWords()
  if (!contact) {
    return (
      <>
        <span role="cell" className="ghost">
          <span className="unseen">{w.loading}</span>
        </span>
        <span role="cell" className="ghost" />
        <span role="cell" className="ghost" />
      </>
    )
  }
  const [best, ...others] = contact.endpoints
  return (
    <>
      <span role="rowheader" className="person-name">
        <Link to="/t/$tenant/contacts/$contact" params={{ tenant, contact: contact.id }}>
          <PersonName contact={contact} />
        </Link>
        <span className="row-hint">
          <Plain>{[contact.externalId, contact.household].filter(Boolean).join(' · ')}</Plain>
        </span>
      </span>
      <span role="cell" className="person-reach">
        {best && (
          <span className="with-icon figures">
            <EndpointSign kind={best.kind} />
            <span className="unseen">{w.contacts.kind[best.kind] ?? best.kind}</span>
            <Plain>{readable(best.address)}</Plain>
          </span>
        )}
        {others.length > 0 && (
          <span className="person-others">
            {others.slice(0, 4).map((endpoint) => (
              <span key={endpoint.kind + endpoint.address} title={readable(endpoint.address)}>
                <EndpointSign kind={endpoint.kind} size={15} />
                <span className="unseen">{w.contacts.kind[endpoint.kind] ?? endpoint.kind}</span>
              </span>
            ))}
            {others.length > 4 && w.contacts.more(others.length - 4)}
          </span>
        )}
      </span>
      <span role="cell" className="person-tags">
        {contact.tags.slice(0, 3).map((tag) => (
          <span key={tag} className="chip chip-small">
            <Plain>{tag}</Plain>
          </span>
        ))}
        {contact.tags.length > 3 && <span className="quiet">{w.contacts.more(contact.tags.length - 3)}</span>}
      </span>
    </>
  )
}

/** What was deleted last can be taken back from here, with everything it had. */
function Undo({ tenant }: { tenant: string }) {
  const { w } = useWords()
  const client = useQueryClient()
  const [removed, setRemoved] = useState<Removed>()
  const [undone, setUndone] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  useEffect(() => setRemoved((now) => takeRemoved(tenant) ?? now), [tenant])
  if (undone) return <Notice tone="good" title={w.contacts.undone(undone)} live />
  if (!removed) return null
  const undo = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await directory.create(tenant, removed.edit)
      await client.invalidateQueries({ queryKey: [tenant, 'contacts'] })
      setUndone(removed.name)
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }
  return (
    <>
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      <Notice tone="plain" title={w.contacts.removed(removed.name)} live>
        <p>{w.contacts.removedHint}</p>
        <Button size="small" isDisabled={busy} onPress={() => void undo()}>
          {w.contacts.undo}
        </Button>
      </Notice>
    </>
  )
}
