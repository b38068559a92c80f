import { seconds } from '../../api/duration'
import { useWords } from '../../i18n'
import type { Words } from '../../i18n'
import type { Format } from '../../i18n/format'
import type { Call, Step } from './draft'
import { languageName } from '../../ui/languages'
import { wordsChanged, type Difference } from './merge'

/** What a field is called, for people. */
export function fieldName(path: string, w: Words): string {
  const [head, ...rest] = path.split('.')
  switch (head) {
    case 'messages': {
      const [language, channel, part] = rest as [string, string, 'subject' | 'text' | 'html']
      return `${w.channel[channel] ?? channel} · ${languageName(language, w.locale)}${part === 'text' ? '' : ` · ${part === 'html' ? 'HTML' : w.scenarios.subject}`}`
    }
    case 'variables':
      return `{{${rest.join('.')}}}`
    default:
      return w.scenarios.field[path.replace('.', '_')] ?? path
  }
}

/** What a field says, in words. */
export function fieldValue(path: string, value: string | undefined, w: Words, f: Format): string {
  if (value === undefined) return ''
  if (path === 'category') return w.category[value] ?? value
  if (path === 'fallback-language') return languageName(value, w.locale)
  if (path === 'cascade')
    return (JSON.parse(value) as Step[])
      .map(
        (step, index) =>
          `${index + 1}. ${w.channel[step.channel] ?? step.channel}, ${w.launch.patience(f.span(seconds(step.patience)))}, ${w.launch.attempts(step.attempts)}, ${w.launch.until[step.until]}`,
      )
      .join('\n')
  if (path === 'question.choices') return (JSON.parse(value) as [string, string][]).map(([key, meaning]) => `${key} : ${meaning}`).join('\n')
  if (path === 'call') {
    const call = JSON.parse(value) as Call
    return [
      call.ring && `${w.scenarios.ring} : ${f.span(seconds(call.ring))}`,
      call.times && `${w.scenarios.times} : ${w.scenarios.timesSaid(call.times)}`,
      call.machine && `${w.scenarios.machine} : ${w.scenarios.machines[call.machine]}`,
      call.pin && `${w.scenarios.pin} : {{${call.pin}}}`,
      call.repeat && `${w.scenarios.repeat} : ${call.repeat}`,
    ]
      .filter(Boolean)
      .join('\n')
  }
  if (path.startsWith('call.')) return Object.entries(JSON.parse(value) as Record<string, string>).map(([key, says]) => `${key} : ${says}`).join('\n')
  return value
}

/** Field by field, word by word: what was taken out and what was put in, told apart without colour too. */
export function Changes({ differences }: { differences: readonly Difference[] }) {
  const { w, f } = useWords()
  return (
    <ul className="changes">
      {differences.map(({ path, before, after }) => (
        <li key={path} className="change">
          <h3>{fieldName(path, w)}</h3>
          <p className="change-text" dir="auto">
            {wordsChanged(fieldValue(path, before, w, f), fieldValue(path, after, w, f)).map((piece, index) =>
              piece.kind === 'same' ? (
                <span key={index}>{piece.text}</span>
              ) : piece.kind === 'gone' ? (
                <del key={index}>{piece.text}</del>
              ) : (
                <ins key={index}>{piece.text}</ins>
              ),
            )}
          </p>
        </li>
      ))}
    </ul>
  )
}
