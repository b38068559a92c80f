import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { reports, type Month } from '../../api/reports'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { TroubleNotice } from '../../ui/notice'
import { monthsUntil } from './months'

const SPANS = [3, 12, 36] as const

/** How often and how well: a bar a month, drills and the real thing apart by their pattern; the figures are beneath. */
export function Months({ tenant }: { tenant: string }) {
  const { w, f } = useWords()
  const [span, setSpan] = useState<number>(12)
  const asked = useQuery(reports.months(tenant, span))
  const rows = asked.data?.items ?? []
  const months = monthsUntil(new Date(), span)
  const most = Math.max(1, ...months.map((month) => of(rows, month, false) + of(rows, month, true)))
  const name = (month: string, style: 'short' | 'long' | 'narrow') =>
    new Intl.DateTimeFormat(w.locale, { month: style, ...(style === 'long' ? { year: 'numeric' } : {}), timeZone: 'UTC' }).format(new Date(`${month}-15T12:00:00Z`))
  return (
    <section className="panel" aria-labelledby="reports-months">
      <header className="head-row">
        <h2 id="reports-months">{w.reports.months}</h2>
        <div className="pills" role="group" aria-label={w.reports.span}>
          {SPANS.map((each) => (
            <Button key={each} kind="quiet" size="small" className="pill" aria-pressed={span === each} onPress={() => setSpan(each)}>
              {w.reports.spans[each]}
            </Button>
          ))}
        </div>
      </header>
      {asked.isError && <TroubleNotice trouble={asked.error} retry={() => void asked.refetch()} />}
      {asked.isPending && <p className="quiet">{w.loading}</p>}
      {asked.isSuccess && rows.length === 0 && <p className="quiet">{w.reports.noMonths}</p>}
      {rows.length > 0 && (
        <>
          <div className="months" aria-hidden data-many={span > 12 || undefined}>
            {months.map((month, index) => {
              const live = of(rows, month, false)
              const drills = of(rows, month, true)
              return (
                <div key={month} className="month">
                  <span className="month-count figures">{live + drills > 0 ? f.n(live + drills) : ''}</span>
                  <span className="month-bar" style={{ blockSize: `${(100 * (live + drills)) / most}%` }}>
                    {live > 0 && <span className="month-part" data-mode="live" style={{ flexGrow: live }} />}
                    {drills > 0 && <span className="month-part" data-mode="drill" style={{ flexGrow: drills }} />}
                  </span>
                  <span className="month-name">
                    {(span <= 12 || index % 6 === 0) && (
                      <>
                        <span className="month-long">{name(month, 'short')}</span>
                        <span className="month-narrow">{name(month, 'narrow')}</span>
                      </>
                    )}
                    {(month.endsWith('-01') || (index === 0 && !month.endsWith('-12'))) && <span className="month-year">{month.slice(0, 4)}</span>}
                  </span>
                </div>
              )
            })}
          </div>
          <p className="months-legend quiet" aria-hidden>
            <span data-mode="live">{w.reports.live}</span>
            <span data-mode="drill">{w.reports.drill}</span>
          </p>
          <details>
            <summary>{w.reports.monthsTable}</summary>
            <div className="table-scroll" role="group" aria-labelledby="reports-months" tabIndex={0}>
              <table className="figures small-table wide-table">
                <thead>
                  <tr>
                    {[w.reports.month, w.reports.kind, w.reports.launched, w.reports.recipients, w.reports.reached, w.reports.answered, w.reports.messages, w.reports.median].map((head) => (
                      <th key={head} scope="col">
                        {head}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {[...rows].reverse().map((row) => (
                    <tr key={row.month + row.drill}>
                      <th scope="row">{name(row.month, 'long')}</th>
                      <td>{row.drill ? w.reports.drill : w.reports.live}</td>
                      <td>{f.n(row.alerts)}</td>
                      <td>{f.n(row.recipients)}</td>
                      <td>{row.recipients > 0 ? f.percent(row.reached / row.recipients) : '–'}</td>
                      <td>{row.recipients > 0 ? f.percent(row.answered / row.recipients) : '–'}</td>
                      <td>{f.n(row.messages)}</td>
                      <td>{row.answerMedian != null ? f.span(row.answerMedian) : '–'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </>
      )}
    </section>
  )
}

const of = (rows: Month[], month: string, drill: boolean) => rows.find((row) => row.month === month && row.drill === drill)?.alerts ?? 0
