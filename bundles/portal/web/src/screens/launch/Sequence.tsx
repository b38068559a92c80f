import { seconds } from '../../api/duration'
import type { Preview, Step } from '../../api/model'
import { useWords } from '../../i18n'
import { ChannelIcon } from '../../ui/icons'
import { Said } from '../../ui/said'

type Foreseen = Preview['forecast']['steps'][number]

/** What happens in which order, and how long it takes as far as the server can say. */
export function Sequence({ steps, forecast }: { steps: readonly Step[]; forecast: Preview['forecast'] }) {
  const { w, f } = useWords()
  const whole = forecast.steps.length > 0 ? forecast.steps[forecast.steps.length - 1]?.over : undefined
  return (
    <section className="panel check-sequence">
      <h3>{w.launch.order}</h3>
      <ol className="sequence">
        {steps.map((step, index) => (
          <li key={`${step.channel}${index}`} className="sequence-step">
            <ChannelIcon channel={step.channel} size={22} />
            <span>
              <strong>{w.channel[step.channel] ?? step.channel}</strong>
              <span className="quiet">
                {w.launch.patience(f.span(seconds(step.patience)))} · {w.launch.attempts(step.attempts)} · {w.launch.until[step.until]}
              </span>
              {forecast.steps[index] && <Pace step={forecast.steps[index]} first={index === 0} awaits={step.until === 'answered'} />}
            </span>
          </li>
        ))}
      </ol>
      {forecast.steps.length > 0 && (
        <p className="quiet figures">
          {whole ? w.launch.atMost(f.span(seconds(whole))) : w.foresight.overUnknown} {w.foresight.alone}
        </p>
      )}
    </section>
  )
}

/** @param awaits whether answers are waited for */
function Pace({ step, first, awaits }: { step: Foreseen; first: boolean; awaits: boolean }) {
  const { w, f } = useWords()
  if (step.unknown) {
    return (
      <span className="quiet">
        {w.foresight.unknown} <Said>{step.unknown}</Said>
      </span>
    )
  }
  if (step.messages === 0 || !step.least || !step.most) return null
  const [least, most] = [step.least, step.most].map((each) => f.span(Math.max(1, seconds(each))))
  return (
    <span className="sequence-pace figures">
      <span>
        {step.lines != null
          ? w.foresight.calls(least!, most!, f.n(step.lines))
          : least === most
            ? w.foresight.leaves(most!)
            : w.foresight.leavesBetween(least!, most!)}
        {step.perSecond != null && ` (${w.foresight.rate(f.n(step.perSecond))})`}
      </span>
      {!first && step.begins && <span className="quiet">{w.foresight.begins(f.span(seconds(step.begins)))}</span>}
      {step.over && <span className="quiet">{(awaits ? w.foresight.until : w.foresight.over)(f.span(seconds(step.over)))}</span>}
    </span>
  )
}
