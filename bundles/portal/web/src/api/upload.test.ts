import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { session } from '../app/session'
import { Trouble } from './trouble'
import { CutShort, FileGone, Stopped, upload, type Progress } from './upload'

/** A request that does nothing until a test says what happens. */
class Request {
  static made: Request[] = []
  upload: { onprogress?: (event: { loaded: number; total: number }) => void; onload?: () => void } = {}
  onload?: () => void
  onerror?: () => void
  onabort?: () => void
  onloadend?: () => void
  status = 0
  responseText = ''
  opened = ''
  sent: unknown
  readonly headers = new Map<string, string>()

  constructor() {
    Request.made.push(this)
  }
  open(method: string, url: string) {
    this.opened = `${method} ${url}`
  }
  setRequestHeader(name: string, value: string) {
    this.headers.set(name, value)
  }
  send(body: unknown) {
    this.sent = body
  }
  abort() {
    this.onabort?.()
    this.onloadend?.()
  }
  left(loaded: number, total: number) {
    this.upload.onprogress?.({ loaded, total })
    if (loaded === total) this.upload.onload?.()
  }
  answer(status: number, body: string) {
    this.status = status
    this.responseText = body
    this.onload?.()
    this.onloadend?.()
  }
  fail() {
    this.onerror?.()
    this.onloadend?.()
  }
}

const file = new File(['0123456789'], 'habitants.csv')
let seen: Progress[]
let control: AbortController
beforeEach(() => {
  Request.made = []
  seen = []
  control = new AbortController()
  vi.stubGlobal('XMLHttpRequest', Request)
})
afterEach(() => vi.unstubAllGlobals())

async function begun() {
  const answer = upload<{ id: number }>('POST', '/tenants/t/imports', file, 'application/octet-stream', { signal: control.signal, onProgress: (progress) => seen.push(progress) })
  answer.catch(() => undefined)
  await vi.waitFor(() => expect(Request.made).toHaveLength(1))
  return { answer, request: Request.made[0]! }
}

test('it says how much has left, and gives what was answered', async () => {
  vi.spyOn(session, 'token').mockReturnValue('tb_1')
  const { answer, request } = await begun()
  expect(request.opened).toBe('POST /api/v1/tenants/t/imports')
  expect(request.headers.get('Authorization')).toBe('Bearer tb_1')
  expect(request.sent).toBe(file)
  request.left(4, 10)
  request.left(10, 10)
  request.answer(202, '{"id":7}')
  expect(await answer).toEqual({ id: 7 })
  expect(seen.map(({ sent }) => sent)).toEqual([0, 4, 10, 10])
})

test('stopped, it is aborted, and nothing is taken for an answer', async () => {
  const { answer, request } = await begun()
  const aborted = vi.spyOn(request, 'abort')
  request.left(4, 10)
  control.abort()
  await expect(answer).rejects.toBeInstanceOf(Stopped)
  expect(aborted).toHaveBeenCalledOnce()
})

test('a line that breaks midway is told from one that breaks before the answer', async () => {
  const midway = await begun()
  midway.request.left(4, 10)
  midway.request.fail()
  await expect(midway.answer).rejects.toBeInstanceOf(CutShort)
  Request.made = []
  const late = await begun()
  late.request.left(10, 10)
  late.request.fail()
  const failure = await late.answer.catch((thrown: unknown) => thrown)
  expect(failure).toBeInstanceOf(Trouble)
  expect(failure).not.toBeInstanceOf(CutShort)
})

test('a session that ended is waited for, and the file is sent once more', async () => {
  const recover = vi.spyOn(session, 'recover').mockResolvedValue()
  const { answer, request } = await begun()
  request.answer(401, '{}')
  await vi.waitFor(() => expect(Request.made).toHaveLength(2))
  Request.made[1]!.answer(202, '{"id":8}')
  expect(await answer).toEqual({ id: 8 })
  expect(recover).toHaveBeenCalledOnce()
})

test('a refusal is what the server said', async () => {
  const { answer, request } = await begun()
  request.answer(413, '{"type":"urn:tocsin:problem:too-large","detail":"The limit is 100 MiB"}')
  await expect(answer).rejects.toMatchObject({ kind: 'too-much', problem: { detail: 'The limit is 100 MiB' } })
})

test('a file that changed since it was chosen is no network’s fault', async () => {
  const gone = { slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) }) } as unknown as Blob
  await expect(upload('POST', '/x', gone, 'text/csv')).rejects.toBeInstanceOf(FileGone)
  expect(Request.made).toHaveLength(0)
})
