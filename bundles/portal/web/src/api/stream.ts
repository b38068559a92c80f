import type { Status } from '#schema'
import { session } from '../app/session'
import { BASE, send } from './client'
import { Trouble, type Problem } from './trouble'

export type StreamEvent = { event: string; data: string }

/** Reads server-sent events (WHATWG HTML section 9.2.6) out of pieces that end anywhere. */
export class EventReader {
  private rest = ''

  /** The events that are whole now. Comments and fields we do not use are passed over. */
  push(piece: string): StreamEvent[] {
    this.rest += piece.replaceAll('\r\n', '\n')
    const events: StreamEvent[] = []
    for (let end = this.rest.indexOf('\n\n'); end >= 0; end = this.rest.indexOf('\n\n')) {
      const lines = this.rest.slice(0, end).split('\n')
      this.rest = this.rest.slice(end + 2)
      const value = (line: string) => line.slice(line.indexOf(':') + 1).replace(/^ /, '')
      const data = lines.filter((line) => line.startsWith('data:')).map(value)
      const named = lines.find((line) => line.startsWith('event:'))
      if (data.length > 0) events.push({ event: named ? value(named) : 'message', data: data.join('\n') })
    }
    return events
  }
}

/** A stream says something twice a second; one that is silent for so long, in ms, is dead, whatever the network believes. */
const SILENCE = 10_000

export type Connection = 'connecting' | 'live' | 'lost' | 'ended'

/**
 * Follows an alert until it ends or the signal is aborted. Comes back by itself: after a second, then a little later each time,
 * eight seconds at most; and at once when the network is said to be back.
 */
export async function follow(
  tenant: string,
  alert: number,
  signal: AbortSignal,
  said: (connection: Connection, status?: Status) => void,
): Promise<void> {
  for (let tries = 0; !signal.aborted; tries++) {
    const silent = new AbortController()
    const heard = () => {
      clearTimeout(watch)
      watch = setTimeout(() => silent.abort(), SILENCE)
    }
    let watch = setTimeout(() => silent.abort(), SILENCE)
    try {
      const answer = await send(
        new Request(`${BASE}/streams/tenants/${encodeURIComponent(tenant)}/alerts/${alert}`, {
          headers: { Accept: 'text/event-stream' },
          signal: AbortSignal.any([signal, silent.signal]),
        }),
      )
      if (!answer.ok || !answer.body) throw Trouble.of(answer.status, (await answer.json().catch(() => undefined)) as Problem | undefined)
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
      const events = new EventReader()
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        heard()
        for (const { event, data } of events.push(piece.value)) {
          if (event === 'refused') await session.recover()
          if (event !== 'status' && event !== 'end') continue
          tries = 0
          const status = JSON.parse(data) as Partial<Status>
          said(event === 'end' ? 'ended' : 'live', status.alert ? (status as Status) : undefined)
          if (event === 'end') return
        }
      }
    } catch (failure) {
      if (signal.aborted) return
      if (failure instanceof Trouble && (failure.kind === 'gone' || failure.kind === 'forbidden')) throw failure
    } finally {
      clearTimeout(watch)
    }
    if (signal.aborted) return
    said('lost')
    await pause(Math.min(8000, 1000 * 1.6 ** tries), signal)
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer)
      window.removeEventListener('online', over)
      signal.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, milliseconds)
    window.addEventListener('online', over)
    signal.addEventListener('abort', over)
  })
}
