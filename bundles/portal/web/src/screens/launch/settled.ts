import { useEffect, useState } from 'react'

/** A value once it has not changed for a while, in ms: what is typed is not checked letter by letter. */
export function useSettled<T>(value: T, quiet: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    if (settled === value) return
    const timer = setTimeout(() => setSettled(value), quiet)
    return () => clearTimeout(timer)
  }, [value, settled, quiet])
  return settled
}
