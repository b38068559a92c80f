import { useId } from 'react'

/** One of several words: the browser's own list, which every hand, keyboard and screen reader knows. */
export function Pick({
  label,
  value,
  onChange,
  options,
  hint,
  error,
  isDisabled = false,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  options: readonly { value: string; text: string }[]
  hint?: string | undefined
  error?: string | undefined
  isDisabled?: boolean
}) {
  const id = useId()
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="input pick"
        value={value}
        disabled={isDisabled}
        aria-invalid={error !== undefined || undefined}
        data-invalid={error !== undefined || undefined}
        aria-describedby={described || undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
    </div>
  )
}

/** Yes or no beside its words. */
export function Box({ label, hint, value, onChange, isDisabled = false }: { label: string; hint?: string | undefined; value: boolean; onChange: (value: boolean) => void; isDisabled?: boolean }) {
  const id = useId()
  return (
    <div className="box">
      <input id={id} type="checkbox" checked={value} disabled={isDisabled} aria-describedby={hint ? `${id}-hint` : undefined} onChange={(event) => onChange(event.target.checked)} />
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  )
}
