import { useQueries } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { modeOf, titleOf } from '../../api/model'
import { reachedBy, reports, type Past } from '../../api/reports'
import { useWords } from '../../i18n'
import { reachedOf, Share } from '../../ui/bars'
import { ModeTag, useTitle } from '../../ui/mode'
import { Notice, TroubleNotice } from '../../ui/notice'
import { Course } from './Course'

const MINUTES = [5, 15, 30] as const

/** Drills beside each other: what was reached and answered by when. Shares, for their audiences differ. */
export function CompareScreen() {
  const { w, f } = useWords()
  const { tenant } = useParams({ from: '/t/$tenant' })
  const { of } = useSearch({ from: '/t/$tenant/reports/compare' })
  const ids = [...new Set(of.split('.').map(Number))].filter((id) => Number.isSafeInteger(id) && id > 0).slice(0, 4)
  const asked = useQueries({ queries: ids.map((id) => reports.of(tenant, id)) })
  useTitle(w.reports.compareTitle)
  const failed = asked.find((each) => each.isError)
  const all = asked.flatMap((each) => (each.data ? [each.data] : [])).sort((one, other) => one.launchedAt.localeCompare(other.launchedAt))
  const head = (
    <header>
      <p>
        <Link to="/t/$tenant/reports" params={{ tenant }}>
          {w.reports.back}
        </Link>
      </p>
      <h1>{w.reports.compareTitle}</h1>
      <p className="quiet">{w.reports.compareLead}</p>
    </header>
  )
  if (ids.length === 0)
    return (
      <>
        {head}
        <Notice tone="plain" title={w.reports.compareNone}>
          <p>{w.reports.compareCure}</p>
        </Notice>
      </>
    )
  const people = (past: Past) => past.figures?.totals.recipients ?? past.recipients
  const lines: { name: string; value: (past: Past) => number | undefined }[] = [
    ...MINUTES.map((minutes) => ({ name: w.reports.within(f.span(minutes * 60)), value: (past: Past) => reachedBy(past.figures, minutes * 60)?.reached })),
    { name: w.reports.final, value: (past) => past.figures && reachedOf(past.figures.totals) },
    ...MINUTES.map((minutes) => ({ name: w.reports.answeredWithin(f.span(minutes * 60)), value: (past: Past) => reachedBy(past.figures, minutes * 60)?.answered })),
    { name: w.reports.finalAnswers, value: (past) => past.figures?.totals.answered },
  ]
  const plain: { name: string; value: (past: Past) => ReactNode }[] = [
    { name: w.reports.when, value: (past) => f.day(past.launchedAt) },
    { name: w.reports.recipients, value: (past) => f.n(people(past)) },
  ]
  const times: { name: string; value: (past: Past) => number | undefined }[] = [
    { name: w.reports.median, value: (past) => past.figures?.answerMedian },
    { name: w.reports.slow, value: (past) => past.figures?.answerSlow },
  ]
  return (
    <>
      {head}
      {failed && <TroubleNotice trouble={failed.error} retry={() => void failed.refetch()} />}
      {all.some((past) => !past.figures) && <Notice tone="warn" title={w.reports.counting} live />}
      {all.length > 0 && (
        <>
          <section className="panel">
            <div className="table-scroll" role="group" aria-label={w.reports.compareTitle} tabIndex={0}>
              <table className="compare-table figures" style={{ minInlineSize: `${5.5 + 5.75 * all.length}rem` }}>
                <thead>
                  <tr>
                    <td />
                    {all.map((past) => (
                      <th key={past.alertId} scope="col">
                        <ModeTag mode={modeOf(past.drill)} />
                        <Link to="/t/$tenant/reports/$alert" params={{ tenant, alert: past.alertId }}>
                          {titleOf(past)}
                        </Link>
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {plain.map((line) => (
                    <tr key={line.name}>
                      <th scope="row">{line.name}</th>
                      {all.map((past) => (
                        <td key={past.alertId}>{line.value(past)}</td>
                      ))}
                    </tr>
                  ))}
                  {lines.map((line) => (
                    <tr key={line.name}>
                      <th scope="row">{line.name}</th>
                      {all.map((past) => {
                        const value = line.value(past)
                        return (
                          <td key={past.alertId}>
                            {value === undefined ? (
                              <span className="quiet">{w.reports.unknownFigure}</span>
                            ) : (
                              <span className="compare-cell">
                                <strong>{f.percent(people(past) > 0 ? value / people(past) : 0)}</strong> <span className="quiet">{f.n(value)}</span>
                                <Share value={value} of={people(past)} tone={line.name === w.reports.finalAnswers ? 'answer' : 'plain'} />
                              </span>
                            )}
                          </td>
                        )
                      })}
                    </tr>
                  ))}
                  {times.map((line) => (
                    <tr key={line.name}>
                      <th scope="row">{line.name}</th>
                      {all.map((past) => {
                        const value = line.value(past)
                        return <td key={past.alertId}>{value == null ? '–' : f.span(value)}</td>
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
          <div className="board-columns">
            {all.map((past) => past.figures && <Course key={past.alertId} title={`${titleOf(past)}, ${f.day(past.launchedAt)} (${past.alertId})`} figures={past.figures} />)}
          </div>
        </>
      )}
    </>
  )
}
