/** The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038 §6.2.1): what fits is written cheaply. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const EXTENDED = '^{}\\[~]|€'

/** What stands for characters a typist or a word processor brings, where taking the accent off is not enough. */
const STANDS_FOR: Record<string, string> = {
  '’': "'", '‘': "'", '‚': "'", '′': "'", '“': '"', '”': '"', '„': '"', '«': '"', '»': '"', '‹': "'", '›': "'",
  '–': '-', '—': '-', '‑': '-', '−': '-', '…': '...', '•': '-', '·': '-', '×': 'x', '°': 'o', '№': 'No',
  '\u00a0': ' ', '\u202f': ' ', '\u2009': ' ', '\t': ' ', 'œ': 'oe', 'Œ': 'OE', 'ç': 'c', '→': '->', '≥': '>=', '≤': '<=',
  'ł': 'l', 'Ł': 'L', 'đ': 'd', 'Đ': 'D', 'ı': 'i', 'İ': 'I', '²': '2', '³': '3', '™': 'TM', '©': '(c)', '®': '(R)', '½': '1/2',
}

export type Counted = {
  encoding: 'GSM-7' | 'UCS-2'
  /** Septets, or code units of UCS-2. */
  units: number
  parts: number
  /** What still fits without one more part. */
  left: number
  /** Characters the cheap alphabet lacks, each once, in order. */
  foreign: string[]
}

const septets = (character: string): number => (BASIC.includes(character) ? 1 : EXTENDED.includes(character) ? 2 : 0)

/** Characters as people count them: an emoji is one, with all it is joined of. */
export function graphemes(text: string): string[] {
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].map((each) => each.segment)
}

export const isForeign = (grapheme: string): boolean => [...grapheme].some((character) => septets(character) === 0)

/** As the carrier counts it. */
export function count(text: string): Counted {
  const foreign = [...new Set(graphemes(text).filter(isForeign))]
  const gsm = foreign.length === 0
  const units = gsm ? [...text].reduce((sum, character) => sum + septets(character), 0) : text.length
  const [alone, each] = gsm ? [160, 153] : [70, 67]
  const parts = units === 0 ? 0 : units <= alone ? 1 : Math.ceil(units / each)
  return { encoding: gsm ? 'GSM-7' : 'UCS-2', units, parts, left: (parts <= 1 ? alone : parts * each) - units, foreign }
}

/** What a character becomes in the cheap alphabet; empty: there is nothing like it. */
export function safeFor(grapheme: string): string {
  const known = STANDS_FOR[grapheme]
  if (known !== undefined) return known
  return [...grapheme]
    .map((character) => STANDS_FOR[character] ?? [...character.normalize('NFD')].filter((part) => septets(part) > 0).join(''))
    .join('')
}

/** The same text in the cheap alphabet. Places such as {{name}} stay as they are. */
export function gsmSafe(text: string): string {
  return graphemes(text.normalize('NFC'))
    .map((each) => (isForeign(each) ? safeFor(each) : each))
    .join('')
    .replace(/ {2,}/g, ' ')
}
