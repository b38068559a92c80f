import { useContext, useState } from 'react'
import { seconds } from '../../api/duration'
import { useWords } from '../../i18n'
import { Button } from '../../ui/controls'
import { Faults, Line, Locked, Select } from '../../ui/form'
import { channelsOf, isoOf, type Call } from './draft'
import type { Editor } from './useEditor'

const MOST = 9
const MACHINES = ['leave-message', 'hang-up', 'ignore'] as const

/** What people can answer, and how they are called. */
export function AnswersPanel({ editor }: { editor: Editor }) {
  const { w } = useWords()
  const { draft, change, faultsAt } = editor
  const locked = useContext(Locked)
  const choices = Object.entries(draft.question?.choices ?? {})
  const put = (next: [string, string][]) =>
    change((now) => ({
      ...now,
      question: next.length > 0 ? { choices: Object.fromEntries(next) } : undefined,
      // Nobody waits for answers that nobody asks for.
      cascade: next.length > 0 ? now.cascade : now.cascade.map((step) => ({ ...step, until: 'delivered' as const })),
    }))
  const free = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].find((key) => !choices.some(([taken]) => taken === key)) ?? '0'
  return (
    <>
      <section className="panel" aria-labelledby="answers-choices">
        <h2 id="answers-choices">{w.scenarios.question}</h2>
        <p className="quiet">{choices.length > 0 ? w.scenarios.questionHint : w.scenarios.noQuestion}</p>
        <ul className="choice-rows">
          {choices.map(([key, meaning], index) => (
            <Choice
              key={index}
              no={index + 1}
              answer={key}
              meaning={meaning}
              taken={choices.filter((_, at) => at !== index).map(([other]) => other)}
              faults={faultsAt(`question.choices.${key}`)}
              onChange={(next, says) => put(choices.map((each, at) => (at === index ? [next, says] : each)))}
              onRemove={() => put(choices.filter((_, at) => at !== index))}
            />
          ))}
        </ul>
        <Faults id="answers-faults" faults={faultsAt('question', 'question.choices')} />
        {!locked && choices.length < MOST && <Button onPress={() => put([...choices, [free, '']])}>{w.scenarios.addChoice}</Button>}
      </section>
      {channelsOf(draft).includes('voice') && <Calls editor={editor} asks={choices.length > 0} />}
    </>
  )
}

function Choice({
  no,
  answer,
  meaning,
  taken,
  faults,
  onChange,
  onRemove,
}: {
  no: number
  answer: string
  meaning: string
  taken: string[]
  faults: ReturnType<Editor['faultsAt']>
  onChange: (key: string, meaning: string) => void
  onRemove: () => void
}) {
  const { w } = useWords()
  // A key that is taken is not brought in: the other choice would be gone.
  const locked = useContext(Locked)
  const [entry, setEntry] = useState({ text: answer, of: answer })
  const typed = entry.of === answer ? entry.text : answer
  const fault = typed !== answer ? (taken.includes(typed) ? w.scenarios.keyTaken : w.scenarios.keyForm) : undefined
  return (
    <li className="choice-row">
      <Line
        label={w.scenarios.key(no)}
        value={typed}
        maxLength={10}
        faults={fault ? [{ text: fault }] : []}
        onChange={(next) => {
          const good = /^[0-9A-Za-z]{1,10}$/.test(next) && !taken.includes(next)
          setEntry({ text: next, of: good ? next : answer })
          if (good) onChange(next, meaning)
        }}
      />
      <Line
        label={w.scenarios.meaning(no)}
        value={meaning}
        maxLength={100}
        faults={meaning.trim() ? faults : [{ text: w.scenarios.meaningMissing }]}
        onChange={(next) => onChange(answer, next)}
      />
      {!locked && (
        <Button size="small" kind="quiet" onPress={onRemove} aria-label={`${w.scenarios.remove} : ${answer}`}>
          {w.scenarios.remove}
        </Button>
      )}
    </li>
  )
}

function Calls({ editor, asks }: { editor: Editor; asks: boolean }) {
  const { w } = useWords()
  const { draft, change, faultsAt } = editor
  const locked = useContext(Locked)
  const call = draft.call ?? {}
  const set = (part: Partial<Call>) =>
    change((now) => {
      const next = Object.fromEntries(Object.entries({ ...now.call, ...part }).filter(([, value]) => value !== undefined && value !== '')) as Call
      return { ...now, call: Object.keys(next).length > 0 ? next : undefined }
    })
  const transfers = Object.entries(call.transfer ?? {})
  const putTransfers = (next: [string, string][]) => set({ transfer: next.length > 0 ? Object.fromEntries(next) : undefined })
  const ring = call.ring ? seconds(call.ring) : 30
  const free = ['9', '8', '7', '6', '5', '4', '3', '2', '1', '0'].find((key) => !(key in (draft.question?.choices ?? {})) && !transfers.some(([taken]) => taken === key))
  return (
    <section className="panel" aria-labelledby="answers-calls">
      <h2 id="answers-calls">{w.scenarios.calls}</h2>
      <div className="fields">
        <Select
          label={w.scenarios.ring}
          value={String(ring)}
          onChange={(value) => set({ ring: isoOf(Number(value)) })}
          options={[...new Set([10, 20, 30, 45, 60, 90, 120, ring])].sort((a, b) => a - b).map((value) => ({ value: String(value), text: `${value} s` }))}
          faults={faultsAt('call.ring')}
        />
        <Select
          label={w.scenarios.times}
          value={String(call.times ?? 1)}
          onChange={(value) => set({ times: Number(value) })}
          options={[1, 2, 3].map((value) => ({ value: String(value), text: w.scenarios.timesSaid(value) }))}
          faults={faultsAt('call.times')}
        />
        <Select
          label={w.scenarios.machine}
          value={call.machine ?? (call.pin ? 'hang-up' : 'leave-message')}
          onChange={(machine) => set({ machine })}
          options={MACHINES.map((value) => ({ value, text: w.scenarios.machines[value] }))}
          faults={faultsAt('call.machine')}
        />
        <Select
          label={w.scenarios.pin}
          value={call.pin ?? ''}
          onChange={(pin) => set({ pin: pin || undefined })}
          options={[
            { value: '', text: w.scenarios.noPin },
            ...[...new Set([...Object.keys(draft.variables), ...(call.pin ? [call.pin] : [])])].map((value) => ({ value, text: `{{${value}}}` })),
          ]}
          faults={[...faultsAt('call.pin'), ...(call.pin ? faultsAt(`variables.${call.pin}`) : [])]}
        />
        {asks && (
          <Line
            label={w.scenarios.repeat}
            value={call.repeat ?? '*'}
            maxLength={1}
            onChange={(repeat) => set({ repeat })}
            faults={faultsAt('call.repeat')}
          />
        )}
      </div>
      <h3>{w.scenarios.transfers}</h3>
      <p className="quiet">{w.scenarios.transfersHint}</p>
      <ul className="choice-rows">
        {transfers.map(([key, number], index) => (
          <li key={index} className="choice-row">
            <Select
              label={w.scenarios.transferKey(index + 1)}
              value={key}
              onChange={(next) => putTransfers(transfers.map((each, at) => (at === index ? [next, number] : each)))}
              options={[key, ...['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'].filter((each) => each !== key && !(each in (call.transfer ?? {})) && !(each in (draft.question?.choices ?? {})))].map((value) => ({ value, text: value }))}
            />
            <Line
              label={w.scenarios.transferTo(index + 1)}
              type="tel"
              value={number}
              maxLength={20}
              onChange={(next) => putTransfers(transfers.map((each, at) => (at === index ? [key, next] : each)))}
              faults={faultsAt(`call.transfer.${key}`)}
            />
            {!locked && (
              <Button size="small" kind="quiet" onPress={() => putTransfers(transfers.filter((_, at) => at !== index))} aria-label={`${w.scenarios.remove} : ${number || key}`}>
                {w.scenarios.remove}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {!locked && free && <Button onPress={() => putTransfers([...transfers, [free, '']])}>{w.scenarios.addTransfer}</Button>}
      <Faults id="answers-call-faults" faults={faultsAt('call', 'call.retry')} />
    </section>
  )
}
