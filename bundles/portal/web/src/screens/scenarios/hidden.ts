/**
 * Characters nobody sees: controls that a terminal or an office program brings, and marks that turn the direction of writing or join
 * words without a trace. Controls are taken out when they come in; marks may be meant, so they are shown and can be taken out.
 */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g
const MARKS = /[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]/g

export type Cleaned = { text: string; controls: number }

/** Without controls, and with line ends written one way. */
export function withoutControls(text: string): Cleaned {
  const lines = text.replace(/\r\n?/g, '\n')
  let controls = 0
  const clean = lines.replace(CONTROLS, () => {
    controls++
    return ''
  })
  return { text: clean, controls }
}

export const isMark = (character: string): boolean => character.search(MARKS) >= 0

/** How many marks nobody sees a text has. A joiner inside an emoji or an Arabic word belongs to it and is none. */
export const marksIn = (text: string): number => text.match(MARKS)?.length ?? 0

export const withoutMarks = (text: string): string => text.replace(MARKS, '')

/** U+200F, for whoever wants to know. */
export const codeOf = (character: string): string => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
