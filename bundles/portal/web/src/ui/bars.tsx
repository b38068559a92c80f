import type { Totals } from '../api/client'
import { STATES, type State } from '../api/model'
import { useWords } from '../i18n'
import { StateIcon } from './icons'

export const countOf = (totals: Totals, state: State): number => totals[state.toLowerCase() as Lowercase<State>]
export const reachedOf = (totals: Totals): number => totals.answered + totals.delivered

/** Everybody, always: the five parts add up to all recipients (the law of conservation), so the bar has no gaps. */
export function WholeBar({ totals, thin = false }: { totals: Totals; thin?: boolean }) {
  return (
    <div className={`whole ${thin ? 'whole-thin' : ''}`} aria-hidden>
      {STATES.filter((state) => countOf(totals, state) > 0).map((state) => (
        <span key={state} className="whole-part" data-state={state} style={{ flexGrow: countOf(totals, state) }} />
      ))}
    </div>
  )
}

export function StateWord({ state }: { state: State }) {
  const { w } = useWords()
  return (
    <span className="state" data-state={state}>
      <StateIcon state={state} size={16} />
      {w.stateOne[state]}
    </span>
  )
}

/** One share of a whole as a quiet bar beside its figures. */
export function Share({ value, of, tone = 'plain' }: { value: number; of: number; tone?: string }) {
  return (
    <span className="share" aria-hidden>
      <span className="share-part" data-tone={tone} style={{ inlineSize: `${of > 0 ? Math.min(100, (100 * value) / of) : 0}%` }} />
    </span>
  )
}
