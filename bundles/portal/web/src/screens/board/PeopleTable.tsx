import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { api, ask, onceKey, type PersonState, type Status } from '../../api/client'
import { modeOf, STATES, type State } from '../../api/model'
import { queries } from '../../api/queries'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { countOf, StateWord } from '../../ui/bars'
import { Ask, Button, Choices } from '../../ui/controls'
import { ChannelIcon } from '../../ui/icons'
import { Notice, TroubleNotice } from '../../ui/notice'

const PAGE = 100

/** Who is meant by the figures above: filtered, page after page, each with their tries; and from a filter to a relaunch. */
export function PeopleTable({
  tenant,
  status,
  filter,
  onFilter,
  onRelaunched,
}: {
  tenant: string
  status: Status
  filter: State | undefined
  onFilter: (state: State | undefined) => void
  onRelaunched: () => void
}) {
  const { w, f } = useWords()
  const maySee = useMay('tenant-admin', 'activator', 'supervisor', 'auditor', 'agency-admin')
  const mayRelaunch = useMay('activator', 'agency-admin')
  const [person, setPerson] = useState<PersonState>()
  const [relaunching, setRelaunching] = useState(false)
  const alert = status.alert.alertId
  const open = !status.alert.endedAt
  const people = useInfiniteQuery({
    queryKey: [tenant, 'alerts', alert, 'people', filter],
    queryFn: ({ pageParam }) => queries.people(tenant, alert, filter, pageParam, PAGE),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    enabled: maySee,
    // A table somebody has gone far down is not pulled from under them.
    refetchInterval: (query) => (open && (query.state.data?.pages.length ?? 0) <= 2 ? 2_500 : false),
  })
  const rows = useMemo(() => people.data?.pages.flatMap((page) => page.items) ?? [], [people.data])
  const choices = status.alert.policy.choices ?? {}

  return (
    <section className="panel people" aria-labelledby="board-people">
      <header className="people-head">
        <h2 id="board-people">{w.board.table}</h2>
        <div className="pills" role="group" aria-label={w.board.filter}>
          <Button kind="quiet" size="small" className="pill" aria-pressed={filter === undefined} onPress={() => onFilter(undefined)}>
            {w.board.all} <span className="figures pill-count">{f.n(status.totals.recipients)}</span>
          </Button>
          {STATES.map((state) => (
            <Button key={state} kind="quiet" size="small" className="pill" aria-pressed={filter === state} onPress={() => onFilter(state)}>
              {w.state[state]} <span className="figures pill-count">{f.n(countOf(status.totals, state))}</span>
            </Button>
          ))}
        </div>
        {mayRelaunch && filter && filter !== 'ANSWERED' && countOf(status.totals, filter) > 0 && status.alert.state !== 'CANCELLED' && (
          <Button kind="primary" size="small" onPress={() => setRelaunching(true)}>
            {w.board.relaunch}
          </Button>
        )}
      </header>
      {!maySee ? (
        <p className="quiet">{w.board.mayNotSee}</p>
      ) : people.isError && rows.length === 0 ? (
        <TroubleNotice trouble={people.error} retry={() => void people.refetch()} />
      ) : (
        <>
          <div className="table-scroll" role="group" aria-labelledby="board-people" tabIndex={0}>
            <table className="people-table" aria-busy={people.isFetching && rows.length === 0}>
              <thead>
                <tr>
                  <th scope="col">{w.board.name}</th>
                  <th scope="col">{w.board.stateColumn}</th>
                  <th scope="col">{w.board.answerColumn}</th>
                  <th scope="col">{w.board.lastColumn}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.recipientNo}>
                    <th scope="row">
                      <button type="button" className="link-button" onClick={() => setPerson(row)}>
                        <bdi>{row.name || `#${row.recipientNo}`}</bdi>
                      </button>
                      {row.possibleDuplicate && <span className="row-hint">{w.board.twice}</span>}
                    </th>
                    <td>
                      <StateWord state={row.state} />
                    </td>
                    <td>{row.choice != null ? (choices[row.choice] ?? row.choice) : <span className="quiet">–</span>}</td>
                    <td>
                      {row.lastChannel != null && (
                        <span className="with-icon">
                          <ChannelIcon channel={row.lastChannel} size={17} />
                          {w.channel[row.lastChannel] ?? row.lastChannel}
                          {row.lastCode != null && <code>{row.lastCode}</code>}
                        </span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {rows.length === 0 && !people.isFetching && <p className="quiet">{w.board.nobody}</p>}
          <p className="people-foot quiet figures">
            {w.board.showing(f.n(rows.length))}
            {people.hasNextPage && (
              <Button size="small" onPress={() => void people.fetchNextPage()} isDisabled={people.isFetchingNextPage}>
                {w.board.more}
              </Button>
            )}
          </p>
        </>
      )}
      {person && <History tenant={tenant} alert={alert} person={person} onClose={() => setPerson(undefined)} />}
      {relaunching && filter && (
        <Relaunch tenant={tenant} status={status} state={filter} onClose={() => setRelaunching(false)} onRelaunched={onRelaunched} />
      )}
    </section>
  )
}

function History({ tenant, alert, person, onClose }: { tenant: string; alert: number; person: PersonState; onClose: () => void }) {
  const { w, f } = useWords()
  const history = useQuery(queries.history(tenant, alert, person.recipientNo))
  return (
    <Ask open onClose={onClose} title={w.board.history(person.name)} wide>
      {history.isError && <TroubleNotice trouble={history.error} retry={() => void history.refetch()} />}
      {history.data?.items.length === 0 && <p className="quiet">{w.board.noHistory}</p>}
      <ol className="history">
        {history.data?.items.map((seen, index) => (
          <li key={index} className="history-row">
            <time dateTime={seen.at} className="figures">
              {f.clock(seen.at)}
            </time>
            <ChannelIcon channel={seen.channel} size={18} />
            <span>
              <strong>{w.board.observationOne[seen.kind] ?? seen.kind}</strong> <code>{seen.code}</code>
              <span className="row-hint figures">
                {w.channel[seen.channel] ?? seen.channel} · <bdi>{seen.address}</bdi> · {w.board.waveNo(seen.waveNo)}
              </span>
            </span>
          </li>
        ))}
      </ol>
      <div className="dialog-buttons">
        <Button onPress={onClose} autoFocus>
          {w.board.close2}
        </Button>
      </div>
    </Ask>
  )
}

function Relaunch({
  tenant,
  status,
  state,
  onClose,
  onRelaunched,
}: {
  tenant: string
  status: Status
  state: State
  onClose: () => void
  onRelaunched: () => void
}) {
  const { w, f } = useWords()
  const client = useQueryClient()
  const channels = [...new Set((status.alert.policy.cascade ?? []).map((step) => step.channel))].filter((channel) => channel !== undefined)
  const [channel, setChannel] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const [key] = useState(onceKey)
  const alert = status.alert.alertId

  const go = async () => {
    if (!channel) return
    setBusy(true)
    setTrouble(undefined)
    try {
      await ask(
        api.POST('/tenants/{tenant}/alerts/{alert}/relaunches', {
          params: { path: { tenant, alert }, header: { 'Idempotency-Key': key } },
          body: { states: [state.toLowerCase()], channel },
        }),
      )
      await client.invalidateQueries({ queryKey: [tenant, 'alerts'] })
      onRelaunched()
      onClose()
    } catch (failure) {
      setTrouble(failure)
      setBusy(false)
    }
  }

  return (
    <Ask open onClose={onClose} title={w.board.relaunchTitle(w.state[state])} mode={modeOf(status.alert.drill)}>
      <Notice tone="plain" title={w.board.relaunchText(f.n(countOf(status.totals, state)))} />
      <Choices label={w.board.relaunchBy} value={channel} onChange={setChannel} options={channels.map((each) => ({ value: each, text: w.channel[each] ?? each }))} />
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
      <div className="dialog-buttons">
        <Button onPress={onClose}>{w.board.relaunchNo}</Button>
        <Button kind="mode" isDisabled={busy || !channel} onPress={() => void go()}>
          {w.board.relaunchYes}
        </Button>
      </div>
    </Ask>
  )
}
