import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { reports, type JournalFilter } from '../../api/reports'
import { useWords } from '../../i18n'
import { Button, Field } from '../../ui/controls'
import { TroubleNotice } from '../../ui/notice'
import { Pick } from '../../ui/pick'
import { EntryLines } from './EntryLines'
import { Integrity } from './Integrity'

type Asked = { actor: string; action: string; from: string; to: string }
const NOTHING: Asked = { actor: '', action: '', from: '', to: '' }

export function Journal({ tenant }: { tenant: string }) {
  const { w, f } = useWords()
  const [typed, setTyped] = useState(NOTHING)
  const [asked, setAsked] = useState(NOTHING)
  const journal = useInfiniteQuery({
    queryKey: [tenant, 'journal', 'search', asked],
    queryFn: ({ pageParam }) => reports.journal(tenant, filterOf(asked), pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const entries = journal.data?.pages.flatMap((page) => page.items) ?? []
  const change = (part: Partial<Asked>) => setTyped((now) => ({ ...now, ...part }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(typed)
  }
  return (
    <section className="panel" aria-labelledby="admin-journal">
      <h2 id="admin-journal">{w.admin.journal}</h2>
      <p className="quiet">{w.admin.journalLead}</p>
      <Integrity tenant={tenant} />
      <form className="filters" role="search" onSubmit={submit}>
        <Pick
          label={w.admin.filterAction}
          value={typed.action}
          onChange={(action) => change({ action })}
          options={[{ value: '', text: w.admin.anything }, ...Object.entries(w.admin.families).map(([value, text]) => ({ value, text }))]}
        />
        <Field label={w.admin.filterActor} hint={w.admin.filterActorHint} value={typed.actor} onChange={(actor) => change({ actor })} maxLength={100} autoComplete="off" />
        <DayField label={w.admin.filterFrom} value={typed.from} onChange={(from) => change({ from })} />
        <DayField label={w.admin.filterTo} value={typed.to} onChange={(to) => change({ to })} />
        <Button type="submit" kind="primary">
          {w.admin.find}
        </Button>
      </form>
      {journal.isError && entries.length === 0 && <TroubleNotice trouble={journal.error} retry={() => void journal.refetch()} />}
      {journal.isPending && <p className="quiet">{w.loading}</p>}
      {journal.isSuccess && entries.length === 0 && (
        <p className="quiet" role="status">
          {w.admin.noEntry} {w.admin.noEntryCure}
        </p>
      )}
      <EntryLines entries={entries} />
      {entries.length > 0 && (
        <p className="people-foot quiet figures">
          {w.board.showing(f.n(entries.length))}
          {journal.hasNextPage && (
            <Button size="small" onPress={() => void journal.fetchNextPage()} isDisabled={journal.isFetchingNextPage}>
              {w.admin.more}
            </Button>
          )}
        </p>
      )}
    </section>
  )
}

function DayField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const id = `journal-${label}`
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="date" className="input" value={value} onChange={(event) => onChange(event.target.value)} />
    </div>
  )
}

/** Days as the reader's own clock has them, both ends included. */
function filterOf({ actor, action, from, to }: Asked): JournalFilter {
  const day = (text: string, later: number) => {
    const at = new Date(`${text}T00:00:00`)
    at.setDate(at.getDate() + later)
    return at.toISOString()
  }
  return {
    ...(actor.trim() ? { actor: actor.trim() } : {}),
    ...(action ? { action } : {}),
    ...(from ? { from: day(from, 0) } : {}),
    ...(to ? { to: day(to, 1) } : {}),
  }
}
