import { useContext, useId, type ReactNode } from 'react'
import { Faults, Locked, type Fault } from './form'

/** A stretch of a text and why it is told apart, if it is. */
export type Stretch = { text: string; kind?: string }

/**
 * A text of several lines in which some stretches are told apart: what stands behind the letters is drawn by a copy of the text beneath
 * them, so that nothing of how one types, pastes and is read aloud is ours.
 */
export function TextBox({
  label,
  value,
  onChange,
  stretches,
  faults = [],
  hint,
  lang,
  lines = 3,
  isDisabled = false,
  children,
  focusId,
}: {
  label: ReactNode
  value: string
  onChange: (value: string) => void
  stretches: readonly Stretch[]
  faults?: readonly Fault[]
  hint?: string | undefined
  lang?: string | undefined
  lines?: number
  isDisabled?: boolean
  /** What is said of the text beneath it. */
  children?: ReactNode
  focusId?: string
}) {
  const made = useId()
  const locked = useContext(Locked)
  const id = focusId ?? made
  const bad = faults.some((fault) => fault.tone !== 'warn')
  return (
    <div className="field text-box">
      <label htmlFor={id}>{label}</label>
      <div className="text-box-paper" data-lines={lines} data-invalid={bad || undefined}>
        <div className="text-box-behind" aria-hidden>
          {stretches.map((stretch, index) =>
            stretch.kind ? (
              <mark key={index} data-kind={stretch.kind}>
                {stretch.text}
              </mark>
            ) : (
              stretch.text
            ),
          )}
          {'\n'}
        </div>
        <textarea
          id={id}
          className="text-box-area"
          value={value}
          lang={lang}
          dir="auto"
          disabled={isDisabled}
          readOnly={locked}
          spellCheck
          rows={lines}
          aria-invalid={bad || undefined}
          aria-describedby={[hint ? `${id}-hint` : '', faults.length > 0 ? `${id}-faults` : ''].filter(Boolean).join(' ') || undefined}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      {hint && (
        <span id={`${id}-hint`} className="field-hint">
          {hint}
        </span>
      )}
      <Faults id={`${id}-faults`} faults={faults} />
      {children}
    </div>
  )
}
