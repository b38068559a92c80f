import type { ReactNode } from 'react'
import { Trouble, type ProblemCode } from '../api/trouble'
import { useWords } from '../i18n'
import { Button } from './controls'
import { Check, Warning } from './icons'
import { Said } from './said'

/** Something to know, told apart by its sign and its words before its colour. */
export function Notice({
  tone,
  title,
  children,
  live = false,
}: {
  tone: 'good' | 'warn' | 'bad' | 'plain'
  title: ReactNode
  children?: ReactNode
  live?: boolean
}) {
  return (
    <div className={`notice notice-${tone}`} role={live ? (tone === 'bad' ? 'alert' : 'status') : undefined}>
      {tone === 'good' ? <Check size={22} /> : tone === 'plain' ? null : <Warning size={22} />}
      <div className="notice-text">
        <p className="notice-title">{title}</p>
        {children}
      </div>
    </div>
  )
}

/** What happened, what was kept, what to do; then what the server itself said, field by field. */
export function TroubleNotice({ trouble, retry }: { trouble: unknown; retry?: (() => void) | undefined }) {
  const { w } = useWords()
  const known = trouble instanceof Trouble ? trouble : new Trouble('broken')
  const code = known.problem?.code
  // By the server's own code where it is known here; a later release's, and what a proxy wrote, by its kind.
  const words = { ...w.trouble[known.kind], ...(code !== undefined && Object.hasOwn(w.problems, code) ? w.problems[code as ProblemCode] : {}) }
  const errors = known.problem?.errors ?? []
  return (
    <Notice tone="bad" title={words.what} live>
      <p>
        {words.kept} {words.cure}
      </p>
      {errors.length > 0 ? (
        <ul className="notice-list">
          {errors.map((error) => (
            <li key={error.field + error.problem}>
              <code>{error.field}</code> <Said>{error.problem}</Said>
            </li>
          ))}
        </ul>
      ) : (
        known.problem?.detail && (
          <p className="notice-detail">
            {w.troubleDetail} : <Said>{known.problem.detail}</Said>
          </p>
        )
      )}
      {retry && (
        <Button size="small" onPress={retry}>
          {w.retry}
        </Button>
      )}
    </Notice>
  )
}

/** Says something to whoever cannot see it change. */
export function Announce({ children }: { children: ReactNode }) {
  return (
    <div className="unseen" role="status" aria-live="polite">
      {children}
    </div>
  )
}
