import { useWords } from '../../i18n'
import type { Sample } from './course'

const WIDTH = 480
const HEIGHT = 150

/** People reached and answers over time, from the launch on. The figures are beneath for who does not read curves. */
export function Curve({ samples, recipients }: { samples: Sample[]; recipients: number }) {
  const { w, f } = useWords()
  const first = samples[0]
  const last = samples[samples.length - 1]
  const span = first && last ? Math.max(1000, last.at - first.at) : 1
  const x = (at: number) => (first ? ((at - first.at) / span) * WIDTH : 0)
  const y = (value: number) => HEIGHT - (recipients > 0 ? value / recipients : 0) * (HEIGHT - 8)
  const line = (of: (sample: Sample) => number) => samples.map((sample, index) => `${index === 0 ? 'M' : 'L'}${x(sample.at).toFixed(1)} ${y(of(sample)).toFixed(1)}`).join('')
  const area = (of: (sample: Sample) => number) => (first && last ? `${line(of)}L${x(last.at).toFixed(1)} ${HEIGHT}L0 ${HEIGHT}Z` : '')
  const rows = samples.filter((_, index) => index % Math.max(1, Math.ceil(samples.length / 8)) === 0 || index === samples.length - 1)
  return (
    <section className="panel" aria-labelledby="board-curve">
      <h2 id="board-curve">{w.board.over}</h2>
      {first && <p className="quiet figures">{w.board.overLead(f.clock(first.at))}</p>}
      <svg className="curve" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
        {[0.25, 0.5, 0.75, 1].map((share) => (
          <line key={share} x1="0" x2={WIDTH} y1={y(recipients * share)} y2={y(recipients * share)} className="curve-grid" />
        ))}
        <path d={area((sample) => sample.reached)} className="curve-reached" />
        <path d={area((sample) => sample.answered)} className="curve-answered" />
        <path d={line((sample) => sample.reached)} className="curve-reached-line" />
      </svg>
      <div className="curve-legend quiet">
        <span data-state="DELIVERED">{w.board.reached}</span>
        <span data-state="ANSWERED">{w.board.answers}</span>
      </div>
      {rows.length > 0 && (
        <details>
          <summary>{w.board.overTable}</summary>
          <table className="figures small-table">
            <thead>
              <tr>
                <th scope="col">{w.board.elapsed}</th>
                <th scope="col">{w.board.reached}</th>
                <th scope="col">{w.board.answers}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((sample) => (
                <tr key={sample.at}>
                  <td>{f.clock(sample.at)}</td>
                  <td>{f.n(sample.reached)}</td>
                  <td>{f.n(sample.answered)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </section>
  )
}
