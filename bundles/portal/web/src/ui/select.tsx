import { useId } from 'react'

/** A choice among many, the browser's own: known to every hand, keyboard and reader. */
export function Select<T extends string>({
  label,
  hint,
  value,
  onChange,
  options,
  isDisabled = false,
  isLabelHidden = false,
  className = '',
}: {
  label: string
  hint?: string | undefined
  value: T
  onChange: (value: T) => void
  options: { value: T; text: string; group?: string | undefined }[]
  isDisabled?: boolean
  isLabelHidden?: boolean
  className?: string
}) {
  const id = useId()
  const groups = [...new Set(options.map((option) => option.group))]
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id} className={isLabelHidden ? 'unseen' : undefined}>
        {label}
      </label>
      <select
        id={id}
        className="input select"
        value={value}
        disabled={isDisabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {groups.map((group) => {
          const those = options
            .filter((option) => option.group === group)
            .map((option) => (
              <option key={option.value} value={option.value}>
                {option.text}
              </option>
            ))
          return group === undefined ? (
            those
          ) : (
            <optgroup key={group} label={group}>
              {those}
            </optgroup>
          )
        })}
      </select>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  )
}

/** Yes or no, said in full beside the box. */
export function Tick({ label, hint, value, onChange }: { label: string; hint?: string; value: boolean; onChange: (value: boolean) => void }) {
  const id = useId()
  return (
    <div className="tick">
      <input id={id} type="checkbox" checked={value} aria-describedby={hint ? `${id}-hint` : undefined} onChange={(event) => onChange(event.target.checked)} />
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  )
}
