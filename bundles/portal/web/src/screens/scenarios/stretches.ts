import type { Stretch } from '../../ui/text'
import { kindOf, PLACE, type Draft } from './draft'
import { isMark } from './hidden'
import { graphemes, isForeign } from './sms'

/** Places, characters that cost and characters that nobody sees, told apart in the text itself. */
export function stretchesOf(text: string, draft: Draft, foreign: boolean): Stretch[] {
  const stretches: Stretch[] = []
  let from = 0
  for (const found of text.matchAll(PLACE)) {
    stretches.push(...plain(text.slice(from, found.index), foreign))
    stretches.push({ text: found[0], kind: `place-${kindOf(found[1]!, draft)}` })
    from = found.index + found[0].length
  }
  return [...stretches, ...plain(text.slice(from), foreign)]
}

function plain(text: string, foreign: boolean): Stretch[] {
  const stretches: Stretch[] = []
  for (const each of graphemes(text)) {
    const kind = [...each].some(isMark) ? 'mark' : foreign && isForeign(each) ? 'foreign' : undefined
    const last = stretches.at(-1)
    if (last && last.kind === kind && kind !== 'mark') last.text += each
    else stretches.push(kind ? { text: each, kind } : { text: each })
  }
  return stretches
}
