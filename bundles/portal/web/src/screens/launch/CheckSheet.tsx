import { useState } from 'react'
import type { Mode, Preview, Step } from '../../api/model'
import { useWords } from '../../i18n'
import { Share } from '../../ui/bars'
import { Button } from '../../ui/controls'
import { ChannelIcon } from '../../ui/icons'
import { ModeTag } from '../../ui/mode'
import { Notice } from '../../ui/notice'
import { Said } from '../../ui/said'
import { Sequence } from './Sequence'
import type { UnreachablePages } from './EveryUnreachable'
import { UnreachablePeople } from './UnreachablePeople'

/**
 * What would leave, to whom, by what, how fast, for how much: as the server has just tried it out.
 *
 * @param languages written, the first one first
 */
export function CheckSheet({ tenant, preview, steps, languages, mode, stale, unreachable }: { tenant: string; preview: Preview; steps: readonly Step[]; languages: readonly string[]; mode: Mode; stale: boolean; unreachable: UnreachablePages }) {
  const { w, f } = useWords()
  const channels = steps.map((step) => step.channel).filter((channel, index, all) => all.indexOf(channel) === index)
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
          {channels.map((channel) => {
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
        <UnreachablePeople tenant={tenant} unreachable={preview.unreachable} pages={unreachable} />
      </section>
      <Sequence steps={steps} forecast={preview.forecast} />
      <Costs preview={preview} channels={channels} />
      {preview.warnings.length > 0 && (
        <Notice tone="warn" title={w.launch.warnings}>
          <Refusals refusals={preview.warnings} />
        </Notice>
      )}
      <Texts preview={preview} channels={channels} written={languages} mode={mode} />
    </div>
  )
}

function Refusals({ refusals }: { refusals: Preview['problems'] }) {
  const { w } = useWords()
  return (
    <ul className="notice-list">
      {refusals.map((refusal) => (
        <li key={refusal.field + refusal.problem}>
          <Said>{refusal.problem}</Said> <code>{w.launch.where(refusal.field)}</code>
        </li>
      ))}
    </ul>
  )
}

function Costs({ preview, channels }: { preview: Preview; channels: readonly string[] }) {
  const { w, f } = useWords()
  const costs = channels.flatMap((channel) => {
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
function Texts({ preview, channels, written, mode }: { preview: Preview; channels: readonly string[]; written: readonly string[]; mode: Mode }) {
  const { w } = useWords()
  const languages = written.filter((language) => Object.keys(preview.sampleTexts).some((key) => key.startsWith(`${language}.`)))
  const [chosen, setChosen] = useState(languages[0])
  const language = languages.includes(chosen ?? '') ? chosen : languages[0]
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
