import { useId } from 'react'
import type { Figures } from '../../api/reports'
import { useWords } from '../../i18n'

const WIDTH = 480
const HEIGHT = 150

/** Reached and answered by when, as it was kept: each moment as wide as the next, for the first minutes tell most. */
export function Course({ title, figures }: { title: string; figures: Figures }) {
  const { w, f } = useWords()
  const id = useId()
  const { reach, totals } = figures
  const of = totals.recipients
  const last = reach.findIndex((moment, index) => reach.slice(index).every((later) => later.reached === moment.reached && later.answered === moment.answered))
  const moments = [{ seconds: 0, reached: 0, answered: 0 }, ...reach.slice(0, Math.max(4, last + 2))]
  const x = (index: number) => (index / (moments.length - 1)) * WIDTH
  const y = (value: number) => HEIGHT - (of > 0 ? value / of : 0) * (HEIGHT - 8)
  const line = (value: (moment: (typeof moments)[number]) => number) => moments.map((moment, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value(moment)).toFixed(1)}`).join('')
  const area = (value: (moment: (typeof moments)[number]) => number) => `${line(value)}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`
  return (
    <section className="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {reach.length === 0 ? (
        <p className="quiet">{w.reports.courseLost}</p>
      ) : (
        <>
          <svg className="curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
            {[0.25, 0.5, 0.75, 1].map((share) => (
              <line key={share} x1="0" x2={WIDTH} y1={y(of * share)} y2={y(of * share)} className="curve-grid" />
            ))}
            <path d={area((moment) => moment.reached)} className="curve-reached" />
            <path d={area((moment) => moment.answered)} className="curve-answered" />
            <path d={line((moment) => moment.reached)} className="curve-reached-line" />
          </svg>
          <p className="course-scale quiet figures" aria-hidden>
            {moments.map((moment, index) => (
              <span key={moment.seconds}>{index === 0 || (moments.length > 8 && index % 2 === 1) ? '' : f.span(moment.seconds)}</span>
            ))}
          </p>
          <div className="curve-legend quiet">
            <span data-state="DELIVERED">{w.board.reached}</span>
            <span data-state="ANSWERED">{w.board.answers}</span>
          </div>
          <details>
            <summary>{w.reports.courseTable}</summary>
            <table className="figures small-table">
              <thead>
                <tr>
                  <th scope="col">{w.reports.after}</th>
                  <th scope="col">{w.reports.reached}</th>
                  <th scope="col">{w.reports.answered}</th>
                </tr>
              </thead>
              <tbody>
                {moments.slice(1).map((moment) => (
                  <tr key={moment.seconds}>
                    <th scope="row">{f.span(moment.seconds)}</th>
                    <td>{f.n(moment.reached)}</td>
                    <td>{f.n(moment.answered)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        </>
      )}
    </section>
  )
}
