import { useId, useState } from 'react'
import { Cross } from './icons'
import { Plain } from './plain'

/**
 * A set of words, each added by Enter or a comma and taken out by its button. What is still in the field when it is left is added: nothing
 * typed is lost.
 */
export function Chips({
  label,
  hint,
  value,
  onChange,
  suggestions = [],
  removeWord,
  isReadOnly = false,
  isLabelHidden = false,
}: {
  label: string
  hint?: string | undefined
  value: string[]
  onChange: (value: string[]) => void
  suggestions?: string[]
  /** How the button that takes one out is called. */
  removeWord: (word: string) => string
  isReadOnly?: boolean
  isLabelHidden?: boolean
}) {
  const id = useId()
  const [typed, setTyped] = useState('')
  const add = (text: string) => {
    const words = text
      .split(/[,;]/)
      .map((word) => word.trim().toLowerCase())
      .filter((word) => word !== '' && !value.includes(word))
    if (words.length > 0) onChange([...value, ...new Set(words)])
    setTyped('')
  }
  return (
    <div className="field">
      <label htmlFor={id} className={isLabelHidden ? 'unseen' : undefined}>
        {label}
      </label>
      <div className="chips">
        {value.map((word) => (
          <span key={word} className="chip">
            <Plain>{word}</Plain>
            {!isReadOnly && (
              <button type="button" className="chip-out" aria-label={removeWord(word)} onClick={() => onChange(value.filter((other) => other !== word))}>
                <Cross size={14} />
              </button>
            )}
          </span>
        ))}
        {(!isReadOnly || value.length === 0) && (
          <input
            id={id}
            className="chips-input"
            list={`${id}-known`}
            value={typed}
            readOnly={isReadOnly}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={60}
            aria-describedby={hint ? `${id}-hint` : undefined}
            onChange={(event) => (/[,;]$/.test(event.target.value) ? add(event.target.value) : setTyped(event.target.value))}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && typed.trim()) {
                event.preventDefault()
                add(typed)
              } else if (event.key === 'Backspace' && typed === '' && value.length > 0 && !isReadOnly) {
                onChange(value.slice(0, -1))
              }
            }}
            onBlur={() => typed.trim() && add(typed)}
          />
        )}
        <datalist id={`${id}-known`}>
          {suggestions
            .filter((word) => !value.includes(word))
            .slice(0, 200)
            .map((word) => (
              <option key={word} value={word} />
            ))}
        </datalist>
      </div>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  )
}
