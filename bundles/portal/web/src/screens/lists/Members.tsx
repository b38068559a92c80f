import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { directory, WINDOW, type Contact } from '../../api/contacts'
import { useWords } from '../../i18n'
import { Button, Field } from '../../ui/controls'
import { Check, Cross, Plus } from '../../ui/icons'
import { Notice, TroubleNotice } from '../../ui/notice'
import { mostRows, Windowed } from '../../ui/windowed'
import { useSettled } from '../launch/settled'
import { EndpointSign, nameOf, PersonName, readable } from '../contacts/names'

const ROW = 60
const SHOWN = 6

/** Who is in a list that is made person by person. Each coming and going is saved at once, for itself, and can be undone. */
export function Members({ tenant, list, mayEdit }: { tenant: string; list: string; mayEdit: boolean }) {
  const { w, f } = useWords()
  const client = useQueryClient()
  const asked = { list }
  const count = useQuery(directory.count(tenant, asked))
  const [seen, setSeen] = useState({ from: 0, to: 20 })
  const at = useSettled(seen, 120)
  const onWindow = useCallback((from: number, to: number) => setSeen({ from, to }), [])
  const rows = Math.min(count.data?.people ?? 0, mostRows(ROW))
  const first = Math.floor(at.from / WINDOW)
  const last = Math.floor(Math.max(at.from, at.to - 1) / WINDOW)
  const windows = Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((each) => each * WINDOW < Math.max(1, rows))
  const read = useQueries({ queries: windows.map((each) => ({ ...directory.window(tenant, asked, each), enabled: rows > 0 })) })
  const people = new Map<number, Contact>()
  read.forEach((each, index) => each.data?.items.forEach((contact, offset) => people.set(windows[index]! * WINDOW + offset, contact)))
  const [typed, setTyped] = useState('')
  const settled = useSettled(typed.trim(), 300)
  const found = useQuery({ ...directory.some(tenant, { search: settled }, SHOWN + 1), enabled: mayEdit && settled.length > 1 })
  // Whoever is found is a member or not: asked with the same words, of the list.
  const there = useQuery({ ...directory.some(tenant, { search: settled, list }, 200), enabled: mayEdit && settled.length > 1 })
  const [done, setDone] = useState<{ contact: Contact; isIn: boolean }>()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()

  const move = async (contact: Contact, isIn: boolean) => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await directory.changeMembers(tenant, list, isIn ? { add: [contact.externalId] } : { remove: [contact.externalId] })
      setDone({ contact, isIn })
      void client.invalidateQueries({ queryKey: [tenant, 'contacts'] })
      void client.invalidateQueries({ queryKey: directory.headCount(tenant, list).queryKey })
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  const name = (contact: Contact) => nameOf(contact) || contact.externalId
  const isMember = (contact: Contact) => there.data?.items.some(({ id }) => id === contact.id) ?? false
  const failed = count.error ?? read.find((each) => each.isError)?.error

  return (
    <section className="panel members" aria-labelledby="list-members">
      <h2 id="list-members">
        {w.lists.members} {count.data && <span className="quiet figures">({f.n(count.data.people)})</span>}
      </h2>
      {mayEdit && <p className="quiet">{w.lists.membersLead}</p>}
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      {done && (
        <Notice tone="good" title={done.isIn ? w.lists.added(name(done.contact)) : w.lists.removed(name(done.contact))} live>
          <Button size="small" isDisabled={busy} onPress={() => void move(done.contact, !done.isIn)}>
            {w.lists.undo}
          </Button>
        </Notice>
      )}
      {mayEdit && (
        <>
          <Field label={w.lists.find} hint={w.lists.findHint} type="search" value={typed} onChange={setTyped} maxLength={100} />
          {settled.length > 1 && found.isError && <TroubleNotice trouble={found.error} retry={() => void found.refetch()} />}
          {settled.length > 1 && found.data && (
            <ul className="rows found">
              {found.data.items.slice(0, SHOWN).map((contact) => (
                <li key={contact.id} className="row">
                  <span className="row-main">
                    <PersonName contact={contact} />
                    <span className="row-hint figures">
                      <bdi>{readable(contact.endpoints[0]?.address ?? '')}</bdi>
                    </span>
                  </span>
                  {isMember(contact) ? (
                    <span className="tone" data-tone="good">
                      <Check size={16} /> {w.lists.there}
                    </span>
                  ) : (
                    <Button size="small" isDisabled={busy || there.isPending} aria-label={w.lists.add1(name(contact))} onPress={() => void move(contact, true)}>
                      <Plus size={16} /> {w.lists.addWord}
                    </Button>
                  )}
                </li>
              ))}
              {found.data.items.length === 0 && <li className="row quiet">{w.lists.foundNone}</li>}
              {found.data.items.length > SHOWN && <li className="row quiet">{w.lists.foundMore}</li>}
            </ul>
          )}
        </>
      )}
      {failed ? (
        <TroubleNotice trouble={failed} retry={() => void Promise.all([count.refetch(), ...read.map((each) => each.refetch())])} />
      ) : count.data?.people === 0 ? (
        <p className="quiet">{w.lists.membersNone}</p>
      ) : (
        rows > 0 && (
          <Windowed
            label={w.lists.members}
            rows={rows}
            row={ROW}
            onWindow={onWindow}
            head={
              <>
                <span role="columnheader">{w.contacts.name}</span>
                <span role="columnheader">{w.contacts.reach}</span>
                <span role="columnheader">
                  <span className="unseen">{w.lists.outWord}</span>
                </span>
              </>
            }
          >
            {(index) => {
              const contact = people.get(index)
              return (
                <>
                  <span role={contact ? 'rowheader' : 'cell'} className={contact ? 'person-name' : 'ghost'}>
                    {contact ? (
                      <Link to="/t/$tenant/contacts/$contact" params={{ tenant, contact: contact.id }}>
                        <PersonName contact={contact} />
                      </Link>
                    ) : (
                      <span className="unseen">{w.loading}</span>
                    )}
                  </span>
                  <span role="cell" className="person-reach">
                    {contact?.endpoints[0] && (
                      <span className="with-icon figures">
                        <EndpointSign kind={contact.endpoints[0].kind} />
                        <bdi>{readable(contact.endpoints[0].address)}</bdi>
                      </span>
                    )}
                  </span>
                  <span role="cell">
                    {contact && mayEdit && (
                      <Button kind="quiet" size="small" isDisabled={busy} aria-label={w.lists.out1(name(contact))} onPress={() => void move(contact, false)}>
                        <Cross size={18} />
                      </Button>
                    )}
                  </span>
                </>
              )
            }}
          </Windowed>
        )
      )}
    </section>
  )
}
