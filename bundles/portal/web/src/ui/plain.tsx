/** A piece of a text: as it is, or a character nobody would see, by its code point. */
export type Piece = { text: string; odd: boolean }

/** Controls, marks that turn the direction of what follows, and what takes no room. The joiners of Indic scripts and emoji are letters' own. */
const ODD = /[\p{Cc}\p{Zl}\p{Zp}\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}\uFFFD]/u

/** What a text is made of, with whatever would be invisible or deceive told apart. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  for (const sign of text) {
    const odd = ODD.test(sign)
    const last = pieces.at(-1)
    if (!odd && last && !last.odd) last.text += sign
    else pieces.push(odd ? { text: codeOf(sign), odd } : { text: sign, odd })
  }
  return pieces
}

const codeOf = (sign: string) => `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`

/** What somebody else wrote, as text and nothing but text: it cannot turn what stands beside it, and hides nothing. */
export function Plain({ children }: { children: string }) {
  const pieces = piecesOf(children)
  return (
    <bdi>
      {pieces.length === 1 && !pieces[0]!.odd
        ? children
        : pieces.map((piece, index) =>
            piece.odd ? (
              <span key={index} className="odd-sign">
                {piece.text}
              </span>
            ) : (
              piece.text
            ),
          )}
    </bdi>
  )
}
