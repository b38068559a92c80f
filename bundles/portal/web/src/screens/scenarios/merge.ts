import type { Draft } from './draft'

/** A scenario field by field: path to what it says. Steps are told as a whole, for their order is what they say. */
export type Fields = Record<string, string>

export function fieldsOf(draft: Draft): Fields {
  const fields: Fields = { name: draft.name, category: draft.category, 'fallback-language': draft['fallback-language'] }
  fields.lists = draft.lists.join(', ')
  fields.cascade = JSON.stringify(draft.cascade)
  if (draft.question) fields['question.choices'] = JSON.stringify(Object.entries(draft.question.choices))
  if (draft.call) fields.call = JSON.stringify(draft.call, Object.keys(draft.call).sort())
  if (draft.call?.transfer) fields['call.transfer'] = JSON.stringify(draft.call.transfer)
  if (draft.call?.retry) fields['call.retry'] = JSON.stringify(draft.call.retry)
  for (const [name, value] of Object.entries(draft.variables)) fields[`variables.${name}`] = value
  for (const [language, channels] of Object.entries(draft.messages))
    for (const [channel, message] of Object.entries(channels))
      for (const part of ['subject', 'text', 'html'] as const)
        if (message[part] !== undefined) fields[`messages.${language}.${channel}.${part}`] = message[part]
  return fields
}

export type Difference = { path: string; before: string | undefined; after: string | undefined }

export function differences(before: Draft, after: Draft): Difference[] {
  const [a, b] = [fieldsOf(before), fieldsOf(after)]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((path) => a[path] !== b[path]).map((path) => ({ path, before: a[path], after: b[path] }))
}

export type Merge = {
  /** Changed by both, and not alike: somebody must choose. */
  both: { path: string; mine: string | undefined; theirs: string | undefined }[]
  /** Changed by the other only. */
  theirs: Difference[]
  /** What comes of it. */
  with: (choice: Record<string, 'mine' | 'theirs'>) => Draft
}

/** Two people changed the same scenario: what only one of them touched is kept as they left it. */
export function merge(base: Draft, mine: Draft, theirs: Draft): Merge {
  const [b, m, t] = [fieldsOf(base), fieldsOf(mine), fieldsOf(theirs)]
  const paths = [...new Set([...Object.keys(b), ...Object.keys(m), ...Object.keys(t)])]
  const both = paths.filter((path) => m[path] !== b[path] && t[path] !== b[path] && m[path] !== t[path])
  const onlyTheirs = paths.filter((path) => t[path] !== b[path] && m[path] === b[path])
  return {
    both: both.map((path) => ({ path, mine: m[path], theirs: t[path] })),
    theirs: onlyTheirs.map((path) => ({ path, before: b[path], after: t[path] })),
    with: (choice) => {
      const result = structuredClone(mine)
      for (const path of [...onlyTheirs, ...both.filter((each) => choice[each] === 'theirs')]) take(result, theirs, path)
      return result
    },
  }
}

/** Brings one field over as it is there, or is not. */
function take(to: Draft, from: Draft, path: string): void {
  const [head, ...rest] = path.split('.')
  switch (head) {
    case 'call':
      to.call = structuredClone(from.call)
      break
    case 'question':
      to.question = structuredClone(from.question)
      break
    case 'variables': {
      const name = rest.join('.')
      if (name in from.variables) to.variables[name] = from.variables[name]!
      else delete to.variables[name]
      break
    }
    case 'messages': {
      const [language, channel, part] = rest as [string, string, 'subject' | 'text' | 'html']
      const value = from.messages[language]?.[channel]?.[part]
      if (value === undefined && !from.messages[language]?.[channel]) {
        delete to.messages[language]?.[channel]
        if (to.messages[language] && Object.keys(to.messages[language]).length === 0) delete to.messages[language]
        return
      }
      const message = ((to.messages[language] ??= {})[channel] ??= { text: '' })
      if (value === undefined) delete message[part]
      else message[part] = value
      break
    }
    default:
      Object.assign(to, { [head!]: structuredClone(from[head as keyof Draft]) })
  }
}

export type Piece = { kind: 'same' | 'gone' | 'new'; text: string }

/** Neighbours that changed are told as one, with the spaces between them: read as a phrase, not as a stutter. */
function gathered(pieces: Piece[]): Piece[] {
  const result: Piece[] = []
  let [gone, added] = ['', '']
  const flush = () => {
    if (gone) result.push({ kind: 'gone', text: gone })
    if (added) result.push({ kind: 'new', text: added })
    gone = added = ''
  }
  pieces.forEach((piece, index) => {
    if (piece.kind === 'gone') gone += piece.text
    else if (piece.kind === 'new') added += piece.text
    else if (gone && added && /^[^\S\n]+$/.test(piece.text) && index + 1 < pieces.length) {
      gone += piece.text
      added += piece.text
    } else {
      flush()
      result.push(piece)
    }
  })
  flush()
  return result
}

/** Word by word, as one reads it. Texts too long for that are told whole. */
export function wordsChanged(before: string, after: string): Piece[] {
  const cut = (text: string) => text.match(/\s+|[^\s]+/g) ?? []
  const [a, b] = [cut(before), cut(after)]
  if (a.length * b.length > 4_000_000) return [{ kind: 'gone', text: before }, { kind: 'new', text: after }]
  const longest = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i]![j] = a[i] === b[j] ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!)
  const pieces: Piece[] = []
  const add = (kind: Piece['kind'], text: string) => {
    const last = pieces.at(-1)
    if (last?.kind === kind) last.text += text
    else pieces.push({ kind, text })
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add('same', a[i++]!)
      j++
    } else if (i < a.length && (j >= b.length || longest[i + 1]![j]! >= longest[i]![j + 1]!)) add('gone', a[i++]!)
    else add('new', b[j++]!)
  }
  return gathered(pieces)
}
