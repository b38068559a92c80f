import { useEffect, useRef, type ReactNode } from 'react'

/** What must be read before one goes on: it is brought into sight, and to whoever listens instead, as soon as it is there. */
export function Seen({ children }: { children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.focus({ preventScroll: true })
    box.current?.scrollIntoView({ block: 'start' })
  }, [])
  return (
    <div ref={box} tabIndex={-1} className="seen">
      {children}
    </div>
  )
}
