import { useState } from 'react'
import { useWords } from '../../i18n'
import { Button, Choices } from '../../ui/controls'
import { Notice } from '../../ui/notice'
import { Plain } from '../../ui/plain'
import { shown, type Draft, type Field } from './threeWay'

type Side = 'mine' | 'theirs'

/** Two people wrote the same contact: both sides of each difference, and nothing is saved until each is chosen. */
export function Conflict({
  mine,
  theirs,
  taken,
  conflicts,
  onSettled,
}: {
  mine: Draft
  theirs: Draft
  taken: Field[]
  conflicts: Field[]
  onSettled: (theirs: Field[]) => void
}) {
  const { w } = useWords()
  const [chosen, setChosen] = useState<Partial<Record<Field, Side>>>({})
  const word = (field: Field) => (field === 'origin' ? w.contacts.originField : w.contacts[field])
  const value = (draft: Draft, field: Field) => {
    const text = shown(draft, field)
    return text ? <Plain>{text}</Plain> : <span className="quiet">{w.contacts.conflictEmpty}</span>
  }
  return (
    <div className="conflict">
      <Notice tone="warn" title={w.contacts.conflict} live>
        <p>{conflicts.length > 0 ? w.contacts.conflictLead : w.contacts.conflictNone}</p>
        {taken.length > 0 && <p>{w.contacts.conflictTaken(taken.map(word).join(', '))}</p>}
      </Notice>
      {conflicts.length > 0 && (
        <section className="panel">
          {conflicts.map((field) => (
            <Choices<Side>
              key={field}
              label={word(field)}
              value={chosen[field] ?? null}
              onChange={(side) => setChosen((now) => ({ ...now, [field]: side }))}
              options={[
                { value: 'mine', text: w.contacts.conflictMine, hint: value(mine, field) },
                { value: 'theirs', text: w.contacts.conflictTheirs, hint: value(theirs, field) },
              ]}
            />
          ))}
          <div className="dialog-buttons">
            <Button kind="primary" isDisabled={conflicts.some((field) => !chosen[field])} onPress={() => onSettled(conflicts.filter((field) => chosen[field] === 'theirs'))}>
              {w.contacts.conflictGo}
            </Button>
          </div>
        </section>
      )}
    </div>
  )
}
