import { createContext, useContext, useId, type ReactNode } from 'react'

/** Whether what follows is only looked at. */
export const Locked = createContext(false)

/** What the server, or we, say is wrong with what stands above; the server speaks English. */
export type Fault = { text: string; lang?: 'en'; tone?: 'bad' | 'warn' }

export function Faults({ id, faults }: { id: string; faults: readonly Fault[] }) {
  return (
    <ul id={id} className="faults" hidden={faults.length === 0}>
      {faults.map((fault) => (
        <li key={fault.text} lang={fault.lang} data-tone={fault.tone ?? 'bad'}>
          {fault.text}
        </li>
      ))}
    </ul>
  )
}

/** One of few words, as the browser offers them: a telephone shows its own wheel. */
export function Select<T extends string>({
  label,
  value,
  onChange,
  options,
  faults = [],
  hidden = false,
  isDisabled = false,
}: {
  label: string
  value: T
  onChange: (value: T) => void
  options: readonly { value: T; text: string }[]
  faults?: readonly Fault[]
  hidden?: boolean
  isDisabled?: boolean
}) {
  const id = useId()
  const locked = useContext(Locked)
  return (
    <div className="field">
      <label htmlFor={id} className={hidden ? 'unseen' : undefined}>
        {label}
      </label>
      <select
        id={id}
        className="input select"
        value={value}
        disabled={isDisabled || locked}
        data-invalid={faults.length > 0 || undefined}
        aria-invalid={faults.length > 0 || undefined}
        aria-describedby={faults.length > 0 ? `${id}-faults` : undefined}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      <Faults id={`${id}-faults`} faults={faults} />
    </div>
  )
}

/** A line of text, or a whole number within bounds, with what is wrong beneath. */
export function Line({
  label,
  value,
  onChange,
  hint,
  faults = [],
  hidden = false,
  isDisabled = false,
  type = 'text',
  maxLength,
  lang,
  suffix,
  name,
  autoFocus = false,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  faults?: readonly Fault[]
  hidden?: boolean
  isDisabled?: boolean
  type?: 'text' | 'number' | 'tel' | 'search'
  maxLength?: number
  lang?: string
  suffix?: ReactNode
  name?: string
  autoFocus?: boolean
}) {
  const id = useId()
  const locked = useContext(Locked)
  const bad = faults.some((fault) => fault.tone !== 'warn')
  return (
    <div className="field">
      <label htmlFor={id} className={hidden ? 'unseen' : undefined}>
        {label}
      </label>
      <span className="line">
        <input
          id={id}
          name={name}
          className="input"
          type={type === 'number' ? 'text' : type}
          inputMode={type === 'number' ? 'numeric' : undefined}
          value={value}
          lang={lang}
          disabled={isDisabled}
          readOnly={locked}
          maxLength={maxLength}
          spellCheck={false}
          autoComplete="off"
          autoFocus={autoFocus}
          data-invalid={bad || undefined}
          aria-invalid={bad || undefined}
          aria-describedby={[hint ? `${id}-hint` : '', faults.length > 0 ? `${id}-faults` : ''].filter(Boolean).join(' ') || undefined}
          onChange={(event) => onChange(event.target.value)}
        />
        {suffix && <span className="line-suffix">{suffix}</span>}
      </span>
      {hint && (
        <span id={`${id}-hint`} className="field-hint">
          {hint}
        </span>
      )}
      <Faults id={`${id}-faults`} faults={faults} />
    </div>
  )
}
