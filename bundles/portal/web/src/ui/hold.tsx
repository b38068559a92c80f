import { useEffect, useRef, useState, type ReactNode } from 'react'

/** How long a press must last, in ms: long enough not to be an accident, short enough not to be feared. */
export const HOLD = 2000

/**
 * A button that acts when it is held, by pointer, Enter or Space. Who cannot hold (a screen reader's click, a switch, voice control) is
 * given `onAlternative` instead, which asks.
 */
export function HoldButton({
  children,
  holding,
  describedBy,
  isDisabled = false,
  onHeld,
  onShort,
  onAlternative,
}: {
  children: ReactNode
  holding: ReactNode
  describedBy?: string
  isDisabled?: boolean
  onHeld: () => void
  onShort: () => void
  onAlternative: () => void
}) {
  const [held, setHeld] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const since = useRef(0)
  const pressed = useRef(false)

  useEffect(() => () => clearTimeout(timer.current), [])

  const begin = () => {
    if (isDisabled || pressed.current) return
    pressed.current = true
    since.current = performance.now()
    setHeld(true)
    timer.current = setTimeout(() => {
      pressed.current = false
      setHeld(false)
      onHeld()
    }, HOLD)
  }
  const end = (meant: boolean) => {
    if (!pressed.current) return
    pressed.current = false
    clearTimeout(timer.current)
    setHeld(false)
    if (meant) onShort()
  }

  return (
    <button
      type="button"
      className="hold"
      data-held={held || undefined}
      aria-disabled={isDisabled || undefined}
      aria-describedby={describedBy}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture?.(event.pointerId)
        begin()
      }}
      onPointerUp={() => end(true)}
      onPointerCancel={() => end(false)}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') {
          if (event.key === 'Escape') end(false)
          return
        }
        event.preventDefault()
        if (!event.repeat) begin()
      }}
      onKeyUp={(event) => {
        if (event.key === 'Enter' || event.key === ' ') end(true)
      }}
      onBlur={() => end(false)}
      onClick={(event) => {
        // A click without a pointer and without a key is a machine's that stands in for a hand.
        if (event.detail === 0 && !isDisabled && performance.now() - since.current > 500) onAlternative()
      }}
    >
      <span className="hold-fill" aria-hidden />
      <span className="hold-text">{held ? holding : children}</span>
    </button>
  )
}
