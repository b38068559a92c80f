/** A piece of what was said: words, what the launch filled in, or the name of what is each person's own. */
export type Piece = { text: string; kind: 'words' | 'filled' | 'own' }

/** @param values what was filled in for everybody at the launch */
export function piecesOf(text: string, values: Record<string, string>): Piece[] {
  return text
    .split(/(\{\{\s*[\w-]+\s*\}\})/)
    .filter((part) => part !== '')
    .map((part) => {
      const place = /^\{\{\s*([\w-]+)\s*\}\}$/.exec(part)?.[1]
      if (place === undefined) return { text: part, kind: 'words' }
      const value = Object.hasOwn(values, place) ? values[place] : undefined
      return value !== undefined ? { text: value, kind: 'filled' } : { text: place, kind: 'own' }
    })
}
