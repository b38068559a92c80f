import { session } from '../app/session'
import { BASE } from './client'
import { Trouble, type Problem } from './trouble'

/** How much of a file has left, in bytes. */
export type Progress = { sent: number; of: number }

/** Who watches a file leave, and may stop it. */
export type Watch = { signal: AbortSignal; onProgress: (progress: Progress) => void }

/** The file was moved, deleted or saved again since it was chosen. */
export class FileGone extends Error {}

/** Whoever sent it has stopped it before all of it had left: the server keeps nothing of what does not arrive whole. */
export class Stopped extends Error {}

/** The line broke before all of it had left: as stopped, but nobody wanted it. */
export class CutShort extends Trouble {
  constructor() {
    super('offline')
  }
}

/**
 * Sends a file as the body of a request, which says how much of it has left: fetch cannot (WHATWG XMLHttpRequest, upload). A session that
 * ended meanwhile is waited for, and the file is sent once more.
 *
 * @throws FileGone, Stopped, CutShort; Trouble for everything that was answered, or was not after all of it had left
 */
export async function upload<T>(method: 'POST' | 'PUT', address: string, file: Blob, type: string, watch?: Watch): Promise<T> {
  try {
    await file.slice(0, 1).arrayBuffer()
  } catch {
    throw new FileGone()
  }
  let answer = await sendOnce(method, address, file, type, watch)
  if (answer.status === 401) {
    await session.recover()
    answer = await sendOnce(method, address, file, type, watch)
  }
  if (answer.status < 200 || answer.status > 299) throw Trouble.of(answer.status, answer.said as Problem | undefined)
  return answer.said as T
}

function sendOnce(method: string, address: string, file: Blob, type: string, watch: Watch | undefined): Promise<{ status: number; said: unknown }> {
  return new Promise((resolve, reject) => {
    if (watch?.signal.aborted) return reject(new Stopped())
    const request = new XMLHttpRequest()
    let whole = false
    const stop = () => request.abort()
    request.open(method, `${BASE}${address}`)
    request.setRequestHeader('Content-Type', type)
    request.setRequestHeader('Accept', 'application/json')
    const token = session.token()
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`)
    request.upload.onprogress = ({ loaded, total }) => watch?.onProgress({ sent: loaded, of: total })
    request.upload.onload = () => {
      whole = true
      watch?.onProgress({ sent: file.size, of: file.size })
    }
    request.onload = () => resolve({ status: request.status, said: parsed(request.responseText) })
    request.onerror = () => reject(whole ? new Trouble('offline') : new CutShort())
    request.onabort = () => reject(new Stopped())
    request.onloadend = () => watch?.signal.removeEventListener('abort', stop)
    watch?.signal.addEventListener('abort', stop)
    watch?.onProgress({ sent: 0, of: file.size })
    request.send(file)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
