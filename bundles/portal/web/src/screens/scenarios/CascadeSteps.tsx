import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { seconds } from '../../api/duration'
import { queries } from '../../api/queries'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { Faults, Line, Select } from '../../ui/form'
import { ChannelIcon } from '../../ui/icons'
import { Announce } from '../../ui/notice'
import { channelsOf, isoOf, type Draft, type Step } from './draft'
import type { Editor } from './useEditor'

const MOST = 10

/** Who is tried by what, and when the next step begins: one line of time, edited without a mouse as well as with one. */
export function CascadeSteps({ tenant, editor, mayEdit }: { tenant: string; editor: Editor; mayEdit: boolean }) {
  const { w, f } = useWords()
  const { draft, change, faultsAt, check } = editor
  const known = useQuery(queries.channels(tenant))
  const [moved, setMoved] = useState('')
  const channels = [...new Set([...(known.data?.items ?? []).map((each) => each.channel), ...channelsOf(draft)])]
  const name = (channel: string) => w.channel[channel] ?? channel
  const set = (index: number, step: Partial<Step>) =>
    change((now) => withMessages({ ...now, cascade: now.cascade.map((each, at) => (at === index ? { ...each, ...step } : each)) }))
  const move = (index: number, by: number) => {
    change((now) => {
      const cascade = [...now.cascade]
      const [step] = cascade.splice(index, 1)
      cascade.splice(index + by, 0, step!)
      return { ...now, cascade }
    })
    setMoved(w.scenarios.movedTo(name(draft.cascade[index]!.channel), index + by + 1))
  }
  const starts = draft.cascade.map((_, index) => draft.cascade.slice(0, index).reduce((sum, step) => sum + seconds(step.patience), 0))

  return (
    <div className="cascade">
      <Announce>{moved}</Announce>
      <ol className="cascade-steps">
        {draft.cascade.map((step, index) => (
          <li key={index} className="cascade-step">
            <span className="cascade-sign">
              <ChannelIcon channel={step.channel} size={22} />
            </span>
            <div className="cascade-body">
              <p className="cascade-when">
                <strong>{index === 0 ? w.scenarios.atOnce : Number.isFinite(starts[index]) ? w.scenarios.after(f.span(starts[index]!)) : ' '}</strong>
                <span className="quiet">
                  {index === 0
                    ? w.scenarios.toEverybody
                    : draft.cascade[index - 1]!.until === 'answered'
                      ? w.scenarios.toTheSilent
                      : w.scenarios.toTheUnreached}
                  {check?.launch && check.launch.reachableByChannel[step.channel] !== undefined
                    ? ` · ${w.scenarios.reachable(f.n(check.launch.reachableByChannel[step.channel]!))}`
                    : ''}
                </span>
              </p>
              <div className="cascade-fields">
                <Select
                  label={w.scenarios.by(index + 1)}
                  value={step.channel}
                  onChange={(channel) => set(index, { channel })}
                  options={channels.map((channel) => ({ value: channel, text: name(channel) }))}
                  faults={faultsAt(`cascade[${index}].channel`)}
                />
                <Patience step={step} no={index + 1} onChange={(patience) => set(index, { patience })} faults={faultsAt(`cascade[${index}].patience`)} />
                <Select
                  label={w.scenarios.tries(index + 1)}
                  value={String(step.attempts)}
                  onChange={(attempts) => set(index, { attempts: Number(attempts) })}
                  options={Array.from({ length: 10 }, (_, times) => ({ value: String(times + 1), text: w.launch.attempts(times + 1) }))}
                  faults={faultsAt(`cascade[${index}].attempts`)}
                />
                <Select
                  label={w.scenarios.until(index + 1)}
                  value={step.until}
                  onChange={(until) => set(index, { until })}
                  options={(['answered', 'delivered'] as const).map((value) => ({ value, text: w.launch.until[value] ?? value }))}
                  faults={faultsAt(`cascade[${index}].until`)}
                />
              </div>
              {mayEdit && (
                <div className="cascade-buttons">
                  <Button size="small" kind="quiet" isDisabled={index === 0} onPress={() => move(index, -1)} aria-label={`${w.scenarios.earlier} : ${name(step.channel)}`}>
                    {w.scenarios.earlier}
                  </Button>
                  <Button
                    size="small"
                    kind="quiet"
                    isDisabled={index === draft.cascade.length - 1}
                    onPress={() => move(index, 1)}
                    aria-label={`${w.scenarios.later} : ${name(step.channel)}`}
                  >
                    {w.scenarios.later}
                  </Button>
                  <Button
                    size="small"
                    kind="quiet"
                    isDisabled={draft.cascade.length === 1}
                    onPress={() => change((now) => withMessages({ ...now, cascade: now.cascade.filter((_, at) => at !== index) }))}
                    aria-label={`${w.scenarios.remove} : ${name(step.channel)}`}
                  >
                    {w.scenarios.remove}
                  </Button>
                </div>
              )}
            </div>
          </li>
        ))}
      </ol>
      <Faults id="cascade-faults" faults={faultsAt('cascade')} />
      {mayEdit && draft.cascade.length < MOST && (
        <Button
          onPress={() =>
            change((now) => {
              const next = channels.find((channel) => !now.cascade.some((step) => step.channel === channel)) ?? channels[0] ?? 'sms'
              return withMessages({ ...now, cascade: [...now.cascade, { channel: next, patience: 'PT10M', attempts: 3, until: now.question ? 'answered' : 'delivered' }] })
            })
          }
        >
          {w.scenarios.addStep}
        </Button>
      )}
    </div>
  )
}

/** Minutes, as people say them; seconds that a file wrote stay as long as nobody types over them. */
function Patience({ step, no, onChange, faults }: { step: Step; no: number; onChange: (patience: string) => void; faults: ReturnType<Editor['faultsAt']> }) {
  const { w } = useWords()
  const given = seconds(step.patience)
  // What is typed belongs to the step it was typed for: steps change their places.
  const [typed, setTyped] = useState<{ text: string; of: string }>()
  const value = (typed?.of === step.patience ? typed.text : undefined) ?? (Number.isFinite(given) ? String(Math.round((given / 60) * 10) / 10) : '')
  const minutes = Number(value.replace(',', '.'))
  const fault = value.trim() === '' || !(minutes > 0) ? w.scenarios.minutesMissing : minutes > 43_200 ? w.scenarios.minutesTooMany : undefined
  return (
    <Line
      label={w.scenarios.waits(no)}
      type="number"
      value={value}
      suffix={w.scenarios.minutes}
      maxLength={7}
      faults={fault ? [{ text: fault }] : faults}
      onChange={(text) => {
        const meant = Number(text.replace(',', '.'))
        const patience = text.trim() !== '' && meant > 0 ? isoOf(Math.max(1, Math.round(meant * 60))) : step.patience
        setTyped({ text, of: patience })
        if (patience !== step.patience) onChange(patience)
      }}
    />
  )
}

/** A step that people are tried by has a text in the language for everybody else, if only an empty one. */
function withMessages(draft: Draft): Draft {
  const fallback = draft['fallback-language']
  const there = draft.messages[fallback] ?? {}
  const used = new Set(draft.cascade.map((step) => step.channel))
  const kept = Object.entries(there).filter(([channel, message]) => used.has(channel) || message.text.trim() || message.subject?.trim())
  const added = [...used].filter((channel) => !there[channel]).map((channel) => [channel, { text: '' }] as const)
  return { ...draft, messages: { ...draft.messages, [fallback]: Object.fromEntries([...kept, ...added]) } }
}
