import { useWords } from '../../i18n'

/** @param at from 0 */
export function Stepper({ at }: { at: number }) {
  const { w } = useWords()
  return (
    <ol className="steps" aria-label={w.imports.stepOf(at + 1)}>
      {w.imports.steps.map((name, index) => (
        <li key={name} className="step" data-at={index < at ? 'done' : index === at ? 'now' : 'next'} aria-current={index === at ? 'step' : undefined}>
          <span className="step-no figures">{index + 1}</span>
          {name}
        </li>
      ))}
    </ol>
  )
}
