import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { download } from '../../api/download'
import { modeOf, titleOf } from '../../api/model'
import { queries } from '../../api/queries'
import { reports, type Entry, type Figures, type Past } from '../../api/reports'
import { useMay } from '../../app/Entrance'
import { useWords } from '../../i18n'
import { named } from '../../i18n/colon'
import { countOf, reachedOf, Share, WholeBar } from '../../ui/bars'
import { Button } from '../../ui/controls'
import { ChannelIcon, StateIcon, Tray } from '../../ui/icons'
import { KinTag } from '../../ui/kin'
import { ModeBand, useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { STATES } from '../../api/model'
import { EntryLines } from '../admin/EntryLines'
import { Integrity } from '../admin/Integrity'
import { Late } from '../board/Late'
import { observedOf } from '../board/observed'
import { Related } from '../board/Related'
import { Course } from './Course'
import { piecesOf } from './places'

/** An alert's story for whoever comes after: what was said to whom, what came of it, who did what, and what proves it. */
export function ReportScreen() {
  const { w, f } = useWords()
  const { tenant, alert } = useParams({ from: '/t/$tenant/reports/$alert' })
  const past = useQuery(reports.of(tenant, alert))
  const status = useQuery(queries.status(tenant, alert))
  useTitle(past.data ? `${w.reports.report} · ${titleOf(past.data)}` : w.reports.report)
  if (!past.data || !status.data) {
    const failed = past.error ?? status.error
    return failed ? (
      <TroubleNotice trouble={failed} retry={() => void Promise.all([past.refetch(), status.refetch()])} />
    ) : (
      <p className="quiet waiting" role="status">
        {w.loading}
      </p>
    )
  }
  const told = past.data
  const over = told.state === 'CLOSED' || told.state === 'CANCELLED'
  const mode = modeOf(told.drill)
  return (
    <div className="board" data-mode={mode}>
      <ModeBand mode={mode}>
        <span className="band-state">{w.alertState[told.state]}</span>
      </ModeBand>
      <header>
        <p>
          <Link to="/t/$tenant/reports" params={{ tenant }}>
            {w.reports.back}
          </Link>{' '}
          ·{' '}
          <Link to="/t/$tenant/alerts/$alert" params={{ tenant, alert }}>
            {w.reports.board}
          </Link>
        </p>
        <h1>
          {titleOf(told)} <KinTag kind={told.kind} follows={told.follows} />
        </h1>
        <p className="quiet figures">
          {w.board.launched(f.day(told.launchedAt), told.launchedBy)}
          {told.endedAt && ` · ${w.board.lasted} ${f.span((Date.parse(told.endedAt) - Date.parse(told.launchedAt)) / 1000)}`}
        </p>
      </header>
      {!over && <Notice tone="warn" title={w.reports.running} live />}
      {over && !told.figures && <Notice tone="plain" title={w.reports.counting} live />}
      <Downloads tenant={tenant} past={told} />
      <Related tenant={tenant} alert={alert} />
      <section className="panel board-whole" aria-labelledby="report-outcome">
        <h2 id="report-outcome">{w.reports.outcome}</h2>
        <p className="figure figures">
          {f.n(reachedOf(status.data.totals))} <span className="figure-of">/ {f.n(status.data.totals.recipients)}</span> <span>{w.board.reached}</span>
        </p>
        <WholeBar totals={status.data.totals} />
        <ul className="legend">
          {STATES.map((state) => (
            <li key={state} className="legend-item legend-still" data-state={state}>
              <span className="legend-word">
                <StateIcon state={state} size={17} />
                {w.state[state]}
              </span>
              <span className="legend-figure figures">{f.n(countOf(status.data.totals, state))}</span>
              <span className="legend-share figures">{f.percent(status.data.totals.recipients > 0 ? countOf(status.data.totals, state) / status.data.totals.recipients : 0)}</span>
            </li>
          ))}
        </ul>
        {told.figures?.answerMedian != null && (
          <p className="quiet figures">
            {named(w, w.reports.median, f.span(told.figures.answerMedian))}
            {told.figures.answerSlow != null && ` · ${named(w, w.reports.slow, f.span(told.figures.answerSlow))}`}
          </p>
        )}
      </section>
      <div className="board-columns">
        <section className="panel" aria-labelledby="report-answers">
          <h2 id="report-answers">{w.board.answers}</h2>
          {Object.keys(status.data.alert.policy.choices).length === 0 ? (
            <p className="quiet">{w.board.noQuestion}</p>
          ) : (
            <ul className="answers">
              {Object.entries(status.data.alert.policy.choices).map(([key, meaning]) => (
                <li key={key} className="answer">
                  <span className="answer-key figures">{key}</span>
                  <span className="answer-word">{meaning}</span>
                  <span className="answer-figure figures">{f.n(status.data.answers[key] ?? 0)}</span>
                  <Share value={status.data.answers[key] ?? 0} of={status.data.totals.recipients} tone="answer" />
                </li>
              ))}
            </ul>
          )}
          <Late late={status.data.late} />
        </section>
        {told.figures && <Course title={w.reports.course} figures={told.figures} />}
        {told.figures && <Unreached tenant={tenant} past={told} figures={told.figures} />}
      </div>
      <Said tenant={tenant} alert={alert} values={status.data.alert.policy.variables} />
      <Steps tenant={tenant} alert={alert} />
      <Chronicle tenant={tenant} alert={alert} />
    </div>
  )
}

function Downloads({ tenant, past }: { tenant: string; past: Past }) {
  const { w } = useWords()
  const seesPeople = useMay('tenant-admin', 'activator', 'supervisor', 'auditor', 'agency-admin')
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const variant = seesPeople ? 'full' : 'masked'
  const base = `/tenants/${encodeURIComponent(tenant)}/alerts/${past.alertId}/evidence?variant=`
  const name = `evidence-${tenant}-${past.alertId}`
  const save = async (path: string, file: string) => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await download(path, file)
    } catch (failure) {
      setTrouble(failure)
    } finally {
      setBusy(false)
    }
  }
  const part = (file: string, words: string) => (
    <Button onPress={() => void save(`${base}${variant}&part=${file}`, `${name}-${file}`)} isDisabled={busy}>
      <Tray size={18} /> {words}
    </Button>
  )
  return (
    <section aria-label={w.reports.downloads}>
      <div className="board-controls">
        {part('report.pdf', w.reports.pdf)}
        {part('results.csv', w.reports.csv)}
        {seesPeople && part('attempts.csv', w.reports.attempts)}
        {seesPeople && (
          <Button onPress={() => void save(`${base}full`, `${name}.zip`)} isDisabled={busy}>
            <Tray size={18} /> {w.reports.package}
          </Button>
        )}
        <Button onPress={() => void save(`${base}masked`, `${name}-masked.zip`)} isDisabled={busy}>
          <Tray size={18} /> {w.reports.masked}
        </Button>
      </div>
      <p className="quiet under" role="status">
        {busy ? w.reports.making : w.reports.packageHint}
      </p>
      {trouble !== undefined && <TroubleNotice trouble={trouble} />}
    </section>
  )
}

function Unreached({ tenant, past, figures }: { tenant: string; past: Past; figures: Figures }) {
  const { w, f } = useWords()
  const missed = figures.totals.failed + figures.totals.unknown
  return (
    <section className="panel" aria-labelledby="report-unreached">
      <h2 id="report-unreached">{w.reports.unreached}</h2>
      {missed === 0 ? (
        <p>{w.reports.unreachedNone}</p>
      ) : (
        <>
          <ul className="rows">
            {figures.unreached.map((line) => (
              <li key={line.state + line.channel + line.kind + line.code} className="row">
                <StateIcon state={line.state} size={18} />
                <span className="row-main">
                  {line.channel === '' ? w.reports.never : (w.channel[line.channel] ?? line.channel)}
                  <span className="row-hint">
                    {line.kind && (w.board.observationOne[line.kind] ?? line.kind)} {line.code && <code>{line.code}</code>}
                  </span>
                </span>
                <span className="figures">{w.reports.unreachedLine(f.n(line.people), line.people)}</span>
              </li>
            ))}
          </ul>
          <p>
            <Link to="/t/$tenant/alerts/$alert" params={{ tenant, alert: past.alertId }}>
              {w.reports.seePeople}
            </Link>
          </p>
        </>
      )}
    </section>
  )
}

function Said({ tenant, alert, values }: { tenant: string; alert: number; values: Record<string, string> }) {
  const { w } = useWords()
  const said = useQuery(reports.said(tenant, alert))
  const pieces = (text: string) =>
    piecesOf(text, values).map((piece, index) =>
      piece.kind === 'own' ? (
        <span key={index} className="own-place">
          {w.reports.own[piece.text] ?? piece.text}
        </span>
      ) : (
        <bdi key={index}>{piece.text}</bdi>
      ),
    )
  return (
    <section className="panel" aria-labelledby="report-said">
      <h2 id="report-said">{w.reports.said}</h2>
      {said.isError && <TroubleNotice trouble={said.error} retry={() => void said.refetch()} />}
      <div className="texts">
        {said.data?.items.map((text) => (
          <figure key={text.channel + text.language} className="text" data-channel={text.channel}>
            <figcaption>
              <ChannelIcon channel={text.channel} size={18} />
              {w.reports.saidBy(w.channel[text.channel] ?? text.channel, w.launch.language[text.language] ?? text.language)}
            </figcaption>
            <blockquote lang={text.language} dir="auto">
              {text.subject && text.channel === 'mail' && (
                <>
                  <strong>{pieces(text.subject)}</strong>
                  {'\n'}
                </>
              )}
              {pieces(text.text)}
            </blockquote>
          </figure>
        ))}
      </div>
    </section>
  )
}

function Steps({ tenant, alert }: { tenant: string; alert: number }) {
  const { w, f } = useWords()
  const status = useQuery(queries.status(tenant, alert))
  return (
    <section className="panel" aria-labelledby="report-steps">
      <h2 id="report-steps">{w.reports.steps}</h2>
      <div className="table-scroll" role="group" aria-labelledby="report-steps" tabIndex={0}>
        <table className="figures small-table wide-table">
          <thead>
            <tr>
              {[w.reports.step, w.reports.channel, w.reports.opened, w.reports.targets, w.reports.observed].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {status.data?.waves.map((wave) => (
              <tr key={wave.waveNo}>
                <th scope="row">
                  {w.board.wave[wave.kind.toLowerCase()] ?? wave.kind} {wave.step > 0 ? wave.step : ''}
                </th>
                <td>
                  <span className="with-icon">
                    <ChannelIcon channel={wave.channel} size={17} /> {w.channel[wave.channel] ?? wave.channel}
                  </span>
                </td>
                <td>{f.clock(wave.openedAt)}</td>
                <td>{f.n(wave.targets)}</td>
                <td>
                  {observedOf(wave)
                    .map(({ kind, messages, parts }) => `${parts === undefined ? f.n(messages) : w.kin.messages(f.n(messages), f.n(parts))} ${w.board.observation[kind] ?? kind}`)
                    .join(', ') || '–'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** The journal's own lines about this alert, oldest first; and what holds them together. */
function Chronicle({ tenant, alert }: { tenant: string; alert: number }) {
  const { w } = useWords()
  const may = useMay('auditor', 'tenant-admin', 'agency-admin')
  const journal = useInfiniteQuery({
    queryKey: [tenant, 'journal', 'alert', alert],
    queryFn: ({ pageParam }) => reports.journal(tenant, { object: 'alert', objectId: String(alert) }, pageParam, 100),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: may,
  })
  const entries = [...(journal.data?.pages.flatMap((page) => page.items) ?? [])].reverse()
  return (
    <section className="panel" aria-labelledby="report-chronicle">
      <h2 id="report-chronicle">{w.reports.chronicle}</h2>
      {!may && <p className="quiet">{w.reports.noChronicle}</p>}
      {journal.isError && <TroubleNotice trouble={journal.error} retry={() => void journal.refetch()} />}
      {journal.hasNextPage && (
        <p>
          <Button size="small" onPress={() => void journal.fetchNextPage()} isDisabled={journal.isFetchingNextPage}>
            {w.reports.more}
          </Button>
        </p>
      )}
      <EntryLines entries={entries} />
      {may && (
        <>
          <h3>{w.reports.proof}</h3>
          <Integrity tenant={tenant} />
          <Seal entries={entries} />
        </>
      )}
    </section>
  )
}

function Seal({ entries }: { entries: Entry[] }) {
  const { w } = useWords()
  const sealed = [...entries].reverse().find((entry) => typeof entry.details.audience === 'string')
  if (!sealed) return null
  return (
    <dl className="seal">
      <dt>{w.reports.sealed}</dt>
      <dd>
        {w.reports.audience} <code>{String(sealed.details.audience)}</code>
      </dd>
      <dd>
        {w.reports.observations} <code>{String(sealed.details.observations)}</code>
      </dd>
    </dl>
  )
}
