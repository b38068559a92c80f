import { useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Status } from '../../api/client'
import { modeOf, STATES, type State } from '../../api/model'
import type { Connection } from '../../api/stream'
import { useWords } from '../../i18n'
import { countOf, reachedOf, Share, WholeBar } from '../../ui/bars'
import { ChannelIcon, StateIcon } from '../../ui/icons'
import { ModeBand, Moded } from '../../ui/mode'
import { Announce, Notice, TroubleNotice } from '../../ui/notice'
import { Said } from '../../ui/said'
import { Controls } from './Controls'
import { Curve } from './Curve'
import { Late } from './Late'
import { observedOf } from './observed'
import { PeopleTable } from './PeopleTable'
import { Related } from './Related'
import { useBoard, useNow } from './useBoard'

export function BoardScreen() {
  const { w, f } = useWords()
  const { tenant, alert } = useParams({ from: '/t/$tenant/alerts/$alert' })
  const { status, connection, samples, reopen } = useBoard(tenant, alert)
  const [filter, setFilter] = useState<State | undefined>()
  if (!status.data) {
    return status.isError ? (
      <TroubleNotice trouble={status.error} retry={() => void status.refetch()} />
    ) : (
      <p className="quiet waiting" role="status">
        {w.loading}
      </p>
    )
  }
  const now = status.data
  const mode = modeOf(now.alert.drill)
  return (
    <Moded mode={mode} title={now.alert.title}>
      <div className="board" data-mode={mode}>
        <ModeBand mode={mode}>
          <span className="band-state">{w.alertState[now.alert.state]}</span>
        </ModeBand>
        <BoardHead status={now} connection={connection} />
        <Controls tenant={tenant} status={now} onReopened={reopen} />
        {connection === 'lost' && !now.alert.endedAt && (
          <Notice tone="bad" title={w.board.lost(f.clock(now.at))} live>
            <p>{w.board.lostCure}</p>
          </Notice>
        )}
        {now.held.length > 0 && (
          <Notice tone="warn" title={w.board.held} live>
            <ul className="notice-list">
              {now.held.map((held) => (
                <li key={held.field + held.problem}>
                  <code>{held.field}</code> <Said>{held.problem}</Said>
                </li>
              ))}
            </ul>
          </Notice>
        )}
        <Related tenant={tenant} alert={alert} />
        <Whole status={now} stale={connection === 'lost' && !now.alert.endedAt} filter={filter} onFilter={setFilter} />
        <div className="board-columns">
          <Answers status={now} />
          {/* One look is no course: what an alert that is over was like cannot be seen from here. */}
          {samples.length > 1 && <Curve samples={samples} recipients={now.totals.recipients} />}
          <Steps status={now} />
        </div>
        <PeopleTable tenant={tenant} status={now} filter={filter} onFilter={setFilter} onRelaunched={reopen} />
        <MilestoneNews status={now} />
      </div>
    </Moded>
  )
}

function BoardHead({ status, connection }: { status: Status; connection: Connection }) {
  const { w, f } = useWords()
  const { alert } = status
  const open = !alert.endedAt
  const now = useNow(open)
  const until = alert.endedAt ? Date.parse(alert.endedAt) : Math.max(now, Date.parse(status.at))
  return (
    <header className="board-head">
      <div>
        <h1>{alert.title}</h1>
        <p className="quiet figures">
          {w.board.launched(f.day(alert.launchedAt), alert.launchedBy)}
          {alert.endedAt && ` · ${w.board.ended(f.clock(alert.endedAt))}`}
        </p>
      </div>
      <div className="board-times">
        <p>
          <span className="board-time-name">{open ? w.board.elapsed : w.board.lasted}</span>
          <span className="figures stopwatch">{f.stopwatch((until - Date.parse(alert.launchedAt)) / 1000)}</span>
        </p>
        <div className="connection" data-connection={open ? connection : 'ended'}>
          <span className="connection-dot" aria-hidden />
          <span role="status">{w.board.connection[open ? connection : 'ended']}</span>
          <span className="quiet figures">{w.board.asOf(f.clock(status.at))}</span>
        </div>
      </div>
    </header>
  )
}

/** Everybody, in five states that add up. Each is a filter of the table below. */
function Whole({
  status,
  stale,
  filter,
  onFilter,
}: {
  status: Status
  stale: boolean
  filter: State | undefined
  onFilter: (state: State | undefined) => void
}) {
  const { w, f } = useWords()
  const { totals } = status
  return (
    <section className="panel board-whole" aria-labelledby="board-whole" data-stale={stale || undefined}>
      <h2 id="board-whole" className="unseen">
        {w.board.totals}
      </h2>
      <p className="figure figures">
        {f.n(reachedOf(totals))} <span className="figure-of">/ {f.n(totals.recipients)}</span>{' '}
        <span>
          {w.board.reached} <span className="quiet">({w.board.reachedHint})</span>
        </span>
      </p>
      <WholeBar totals={totals} />
      <ul className="legend">
        {STATES.map((state) => (
          <li key={state}>
            <button
              type="button"
              className="legend-item"
              data-state={state}
              aria-pressed={filter === state}
              title={w.stateMeaning[state]}
              onClick={() => onFilter(filter === state ? undefined : state)}
            >
              <span className="legend-word">
                <StateIcon state={state} size={17} />
                {w.state[state]}
              </span>
              <span className="legend-figure figures">{f.n(countOf(totals, state))}</span>
              <span className="legend-share figures">{f.percent(totals.recipients > 0 ? countOf(totals, state) / totals.recipients : 0)}</span>
            </button>
          </li>
        ))}
      </ul>
      {totals.flagged > 0 && <p className="quiet figures">{w.board.flagged(f.n(totals.flagged))}</p>}
      {totals.published > 0 && <p className="quiet figures">{w.board.published(f.n(totals.published))}</p>}
    </section>
  )
}

function Answers({ status }: { status: Status }) {
  const { w, f } = useWords()
  const choices = Object.entries(status.alert.policy.choices ?? {})
  const counted = status.totals.recipients
  return (
    <section className="panel" aria-labelledby="board-answers">
      <h2 id="board-answers">{w.board.answers}</h2>
      {choices.length === 0 ? (
        <p className="quiet">{w.board.noQuestion}</p>
      ) : (
        <ul className="answers">
          {choices.map(([key, meaning]) => {
            const given = status.answers[key] ?? 0
            return (
              <li key={key} className="answer">
                <span className="answer-key figures">{key}</span>
                <span className="answer-word">{meaning}</span>
                <span className="answer-figure figures">{f.n(given)}</span>
                <Share value={given} of={counted} tone="answer" />
              </li>
            )
          })}
          <li className="answer answer-silent">
            <span className="answer-key">–</span>
            <span className="answer-word">{w.board.silent}</span>
            <span className="answer-figure figures">{f.n(counted - status.totals.answered)}</span>
            <Share value={counted - status.totals.answered} of={counted} />
          </li>
        </ul>
      )}
      <Late late={status.late} />
    </section>
  )
}

function Steps({ status }: { status: Status }) {
  const { w, f } = useWords()
  return (
    <section className="panel" aria-labelledby="board-steps">
      <h2 id="board-steps">{w.board.steps}</h2>
      <ol className="waves">
        {status.waves.map((wave) => (
          <li key={wave.waveNo} className="wave" data-open={!wave.closed || undefined}>
            <ChannelIcon channel={wave.channel} size={22} />
            <div>
              <p className="wave-title">
                {w.channel[wave.channel] ?? wave.channel}
                <span className="wave-state">{wave.closed ? w.board.stepClosed : w.board.stepOpen}</span>
              </p>
              <p className="quiet figures">
                {[
                  w.board.wave[wave.kind.toLowerCase()] ?? wave.kind,
                  w.board.targets(f.n(wave.targets)),
                  ...(wave.tries
                    ? [w.board.tries(wave.tries.first, wave.tries.last, f.n(wave.tries.people), f.clock(wave.tries.lastOpenedAt))]
                    : []),
                  ...observedOf(wave).map(
                    ({ kind, messages, parts }) =>
                      `${w.board.observation[kind] ?? kind} ${parts === undefined ? f.n(messages) : w.kin.messages(f.n(messages), f.n(parts))}`,
                  ),
                ].join(' · ')}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** For who cannot see the bar: each quarter of the way, and the end, once. */
function MilestoneNews({ status }: { status: Status }) {
  const { w, f } = useWords()
  const { totals, alert } = status
  const quarter = totals.recipients > 0 ? Math.floor((4 * reachedOf(totals)) / totals.recipients) : 0
  const [said, setSaid] = useState('')
  useEffect(() => {
    setSaid(`${w.alertState[alert.state]}. ${w.board.chart(f.n(reachedOf(totals)), f.n(totals.recipients))}`)
  }, [quarter, alert.state])
  return <Announce>{said}</Announce>
}

