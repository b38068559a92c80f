import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Status } from '../../api/client'
import { queries } from '../../api/queries'
import { follow, type Connection } from '../../api/stream'
import { reachedOf } from '../../ui/bars'
import { whole, type Sample } from './course'


const MOST_SAMPLES = 600
/** How long after its end an alert takes answers by its number, and a little. */
const STILL_ANSWERED = 25 * 3_600_000

/** The alert as it is now, by the stream while there is one, and what was seen of it since this screen was opened. */
export function useBoard(tenant: string, alert: number) {
  const client = useQueryClient()
  const options = queries.status(tenant, alert)
  const status = useQuery({
    ...options,
    // The stream of what has ended is over; answers may still come for a day.
    refetchInterval: ({ state }) => {
      const ended = state.data?.alert.endedAt
      return ended && Date.now() - Date.parse(ended) < STILL_ANSWERED ? 5_000 : false
    },
  })
  const [connection, setConnection] = useState<Connection>('connecting')
  const [seenSince, setSamples] = useState<Sample[]>([])
  // What was before this screen was opened, as the server reckons it: once, for everything since is seen.
  const course = useQuery({ ...queries.course(tenant, alert), enabled: status.data !== undefined })
  const [round, setRound] = useState(0)
  const seen = useRef(0)

  useEffect(() => {
    const gone = new AbortController()
    setConnection('connecting')
    void follow(tenant, alert, gone.signal, (now, said) => {
      setConnection(now)
      if (said) client.setQueryData<Status>(queries.status(tenant, alert).queryKey, said)
    }).catch(() => setConnection('lost'))
    return () => gone.abort()
  }, [tenant, alert, round, client])

  useEffect(() => {
    const now = status.data
    if (!now) return
    // What is over is as it was at its end, whenever it is looked at.
    const at = Math.min(Date.parse(now.at), now.alert.endedAt ? Date.parse(now.alert.endedAt) : Infinity)
    if (at <= seen.current) return
    seen.current = at
    setSamples((before) => thin([...before, { at, reached: reachedOf(now.totals), answered: now.totals.answered }]))
  }, [status.data])

  const launchedAt = status.data ? Date.parse(status.data.alert.launchedAt) : undefined
  const samples = useMemo(() => whole(launchedAt, course.data?.items, seenSince), [launchedAt, course.data, seenSince])

  /** After a relaunch an alert that had ended goes on: its stream is opened again. */
  const reopen = () => setRound((before) => before + 1)
  return { status, connection, samples, reopen }
}

/** Every other one of the older half goes when there are too many: a long crisis stays one line. */
function thin(samples: Sample[]): Sample[] {
  if (samples.length <= MOST_SAMPLES) return samples
  const half = samples.length / 2
  return samples.filter((_, index) => index > half || index % 2 === 0)
}

/** Now, once a second while it matters. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!ticking) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [ticking])
  return now
}
