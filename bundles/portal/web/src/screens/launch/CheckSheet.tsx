import { useState } from 'react'
import { seconds } from '../../api/duration'
import type { Mode, Preview, Scenario } from '../../api/model'
import { useWords } from '../../i18n'
import { Share } from '../../ui/bars'
import { Button } from '../../ui/controls'
import { ChannelIcon } from '../../ui/icons'
import { ModeTag } from '../../ui/mode'
import { Notice } from '../../ui/notice'

/** What would leave, to whom, by what, for how much: as the server has just tried it out. */
export function CheckSheet({ preview, scenario, mode, stale }: { preview: Preview; scenario: Scenario; mode: Mode; stale: boolean }) {
  const { w, f } = useWords()
  return (
    <div className="check" aria-busy={stale}>
      {preview.problems.length > 0 && (
        <div id="launch-problems" tabIndex={-1}>
          <Notice tone="bad" title={w.launch.problems(preview.problems.length)} live>
            <p>{w.launch.problemsCure}</p>
            <Refusals refusals={preview.problems} />
          </Notice>
        </div>
      )}
      <section className="panel check-people">
        <p className="figure figures">
          {f.n(preview.people)} <span>{w.launch.people(preview.people)}</span>
        </p>
        <h3>{w.launch.reach}</h3>
        <ul className="rows">
          {scenario.cascade
            .map((step) => step.channel)
            .filter((channel, index, all) => all.indexOf(channel) === index)
            .map((channel) => {
              const reachable = preview.reachableByChannel[channel] ?? 0
              return (
                <li key={channel} className="row reach-row">
                  <ChannelIcon channel={channel} />
                  <span className="row-main">{w.channel[channel] ?? channel}</span>
                  <Share value={reachable} of={preview.people} />
                  <span className="figures reach-figure">{w.launch.reachOf(f.n(reachable), f.percent(preview.people > 0 ? reachable / preview.people : 0))}</span>
                </li>
              )
            })}
        </ul>
      </section>
      <Sequence scenario={scenario} />
      <Costs preview={preview} scenario={scenario} />
      {preview.warnings.length > 0 && (
        <Notice tone="warn" title={w.launch.warnings}>
          <Refusals refusals={preview.warnings} />
        </Notice>
      )}
      <Texts preview={preview} scenario={scenario} mode={mode} />
    </div>
  )
}

function Refusals({ refusals }: { refusals: Preview['problems'] }) {
  const { w } = useWords()
  return (
    <ul className="notice-list">
      {refusals.map((refusal) => (
        <li key={refusal.field + refusal.problem}>
          <span lang="en">{refusal.problem}</span> <code>{w.launch.where(refusal.field)}</code>
        </li>
      ))}
    </ul>
  )
}

function Sequence({ scenario }: { scenario: Scenario }) {
  const { w, f } = useWords()
  const whole = scenario.cascade.reduce((sum, step) => sum + seconds(step.patience), 0)
  return (
    <section className="panel check-sequence">
      <h3>{w.launch.order}</h3>
      <ol className="sequence">
        {scenario.cascade.map((step, index) => (
          <li key={`${step.channel}${index}`} className="sequence-step">
            <ChannelIcon channel={step.channel} size={22} />
            <span>
              <strong>{w.channel[step.channel] ?? step.channel}</strong>
              <span className="quiet">
                {w.launch.patience(f.span(seconds(step.patience)))} · {w.launch.attempts(step.attempts)} · {w.launch.until[step.until]}
              </span>
            </span>
          </li>
        ))}
      </ol>
      {Number.isFinite(whole) && <p className="quiet">{w.launch.atMost(f.span(whole))}</p>}
    </section>
  )
}

function Costs({ preview, scenario }: { preview: Preview; scenario: Scenario }) {
  const { w, f } = useWords()
  const costs = scenario.cascade.flatMap(({ channel }) => {
    const cost = preview.costs[channel]
    return cost && (cost.price != null || cost.parts != null) ? [{ channel, cost }] : []
  })
  return (
    <section className="panel check-cost">
      <h3>{w.launch.cost}</h3>
      {costs.length === 0 ? (
        <p className="quiet">{w.launch.costNone}</p>
      ) : (
        <ul className="rows">
          {costs.map(({ channel, cost }) => (
            <li key={channel} className="row">
              <span className="row-main">{w.channel[channel] ?? channel}</span>
              <span className="figures">
                {[
                  cost.parts != null ? w.launch.costParts(f.n(cost.parts)) : undefined,
                  cost.price != null && cost.currency ? f.money(cost.price, cost.currency) : undefined,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Each text as a person gets it, the scenario's own language first. */
function Texts({ preview, scenario, mode }: { preview: Preview; scenario: Scenario; mode: Mode }) {
  const { w } = useWords()
  const languages = Object.keys(scenario.messages).filter((language) => Object.keys(preview.sampleTexts).some((key) => key.startsWith(`${language}.`)))
  const [chosen, setChosen] = useState(languages[0])
  const language = languages.includes(chosen ?? '') ? chosen : languages[0]
  const channels = scenario.cascade.map((step) => step.channel).filter((channel, index, all) => all.indexOf(channel) === index)
  if (!language) return null
  return (
    <section className="panel check-texts" aria-labelledby="check-texts">
      <header className="check-texts-head">
        <h2 id="check-texts">{w.launch.texts}</h2>
        {languages.length > 1 && (
          <div className="pills" role="group" aria-label={w.menu.language}>
            {languages.map((each) => (
              <Button key={each} kind="quiet" size="small" aria-pressed={each === language} onPress={() => setChosen(each)} className="pill">
                {w.launch.language[each] ?? each}
              </Button>
            ))}
          </div>
        )}
      </header>
      <div className="texts">
        {channels.flatMap((channel) => {
          const text = preview.sampleTexts[`${language}.${channel}`]
          const cost = preview.costs[channel]
          const each = channel === 'sms' && cost?.parts != null && cost.messages > 0 ? cost.parts / cost.messages : undefined
          return text === undefined ? [] : [<Text key={channel} channel={channel} text={text} language={language} mode={mode} each={each} />]
        })}
      </div>
    </section>
  )
}

/** @param each SMS a person is sent for this text on average, as the carrier counts */
function Text({ channel, text, language, mode, each }: { channel: string; text: string; language: string; mode: Mode; each: number | undefined }) {
  const { w, f } = useWords()
  return (
    <figure className="text" data-channel={channel}>
      <figcaption>
        <ChannelIcon channel={channel} size={18} />
        {w.channel[channel] ?? channel}
        <ModeTag mode={mode} />
      </figcaption>
      <blockquote lang={language} dir="auto">
        {text}
      </blockquote>
      {each !== undefined && <p className="quiet figures">{w.launch.smsEach(f.n(Math.round(each * 10) / 10))}</p>}
    </figure>
  )
}
