import { useEffect, useRef, useState, type ReactNode } from 'react'

/** What a browser can still scroll through: Chromium's and Firefox's boxes end a little above 17 million pixels. */
const TALLEST = 16_000_000

/** Rows drawn above and below what is seen, so that a flick meets no emptiness. */
const SPARE = 8

/** Which rows of a table are to be drawn for where it is scrolled to. `to` is not drawn any more. */
export function visible(scrolled: number, height: number, row: number, rows: number): { from: number; to: number } {
  const from = Math.max(0, Math.min(Math.floor(scrolled / row) - SPARE, rows))
  return { from, to: Math.min(rows, Math.ceil((scrolled + height) / row) + SPARE) }
}

/** How many rows of this height, in px, can be scrolled through at all. */
export const mostRows = (row: number): number => Math.floor(TALLEST / row)

/**
 * A table of any length, of which only the rows in sight are drawn. It is a table by its roles, for rows that are laid out freely are no
 * table rows to every browser.
 *
 * @param row height of a row in px
 * @param onWindow the rows in sight, as soon as they are and whenever they change
 */
export function Windowed({
  label,
  head,
  rows,
  row,
  onWindow,
  children,
}: {
  label: string
  head: ReactNode
  rows: number
  row: number
  onWindow: (from: number, to: number) => void
  children: (index: number) => ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ from: 0, to: Math.min(rows, 30) })
  const look = () => {
    const at = box.current
    if (!at) return
    const next = visible(at.scrollTop, at.clientHeight, row, rows)
    setSeen((now) => (now.from === next.from && now.to === next.to ? now : next))
  }
  useEffect(look, [rows, row])
  useEffect(() => {
    window.addEventListener('resize', look)
    return () => window.removeEventListener('resize', look)
  })
  useEffect(() => onWindow(seen.from, seen.to), [seen.from, seen.to, onWindow])
  return (
    <div className="windowed" ref={box} onScroll={look} role="group" aria-label={label} tabIndex={0}>
      <div role="table" aria-label={label} aria-rowcount={rows + 1} className="windowed-table">
        <div role="rowgroup" className="windowed-head">
          <div role="row" aria-rowindex={1} className="windowed-row">
            {head}
          </div>
        </div>
        <div role="rowgroup" style={{ blockSize: rows * row, position: 'relative' }}>
          {Array.from({ length: Math.max(0, Math.min(seen.to, rows) - seen.from) }, (_, offset) => {
            const index = seen.from + offset
            return (
              <div key={index} role="row" aria-rowindex={index + 2} className="windowed-row" style={{ position: 'absolute', insetInline: 0, insetBlockStart: index * row, blockSize: row }}>
                {children(index)}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}
