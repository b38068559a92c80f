import type { AlertLine, Link } from '#schema'
import { useWords } from '../i18n'
import { Right } from './icons'

/** What an alert is when it is neither an alert nor a rehearsal of its own: in words, beside the sign of live or drill. */
export function KinTag({ kind, follows }: { kind: AlertLine['kind']; follows?: Link | undefined }) {
  const { w } = useWords()
  const word = kind === 'TRIAL' ? w.kin.tag.TRIAL : follows ? w.kin.tag[follows.kind] : undefined
  if (!word) return null
  return (
    <span className="kin-tag">
      <Right size={14} /> {word}
    </span>
  )
}

/** The same said out: what it follows, what followed it, what came late. */
export function KinLine({ kind, follows, followUps, late }: { kind: AlertLine['kind']; follows?: Link | undefined; followUps: readonly Link[]; late: number }) {
  const { w, f } = useWords()
  const said = [
    ...(kind === 'TRIAL' ? [w.kin.trial] : []),
    ...(follows ? [w.kin.follows(follows.title, f.day(follows.launchedAt))] : []),
    ...followUps.map((link) => w.kin.followed[link.kind] ?? link.title),
    ...(late > 0 ? [w.kin.late(f.n(late), late)] : []),
  ]
  return said.length > 0 ? <span className="row-hint figures">{said.join(' · ')}</span> : null
}
