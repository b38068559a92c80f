import { Check, Cross, Warning } from './icons'

/** Well, to be looked at, or not well: told by a sign, with words where they say more. */
export function Verdict({ tone, children }: { tone: 'good' | 'warn' | 'bad'; children?: string }) {
  return (
    <span className="tone" data-tone={tone}>
      {tone === 'good' ? <Check size={16} /> : tone === 'warn' ? <Warning size={16} /> : <Cross size={16} />}
      {children}
    </span>
  )
}
