import type { Me, Session } from '#schema'
import { Trouble, type Problem } from '../api/trouble'

/**
 * Who is signed in. The token lives in this variable and nowhere else; over a reload the session is kept by a cookie that no script can
 * read, good for a renewal only.
 */
export type SessionState =
  | { phase: 'starting' }
  | { phase: 'signed-out' }
  | { phase: 'signed-in'; me: Me }
  /** It ended under somebody's hands: they sign in again over the same page. */
  | { phase: 'expired'; me: Me }

const URL = '/api/v1/sessions'
/** Renewed when less than this is left, in ms. */
const MARGIN = 10 * 60_000

/** Whether this browser was signed in: no secret, and spares whoever was not a refusal to begin with. */
const kept = {
  is: () => stored((storage) => storage.getItem('tocsin.kept') !== null) ?? true,
  set: (is: boolean) => stored((storage) => (is ? storage.setItem('tocsin.kept', '') : storage.removeItem('tocsin.kept'))),
}

function stored<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage)
  } catch {
    return undefined
  }
}

class SessionStore {
  private state: SessionState = { phase: 'starting' }
  private bearer: string | undefined
  private expiresAt = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private renewing: Promise<boolean> | undefined
  private readonly listeners = new Set<() => void>()
  private waiting: (() => void)[] = []

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }
  readonly get = () => this.state
  readonly token = () => this.bearer

  async start(): Promise<void> {
    if (this.state.phase !== 'starting') return
    if (!kept.is() || !(await this.renew())) this.become({ phase: 'signed-out' })
    // A laptop that slept has slept through its timers, too.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.bearer && Date.now() > this.expiresAt - MARGIN) void this.renew()
    })
  }

  /** @throws Trouble when it is refused or nobody answers */
  async signIn(login: string, password: string): Promise<void> {
    this.accept(await post(URL, { login, password, keep: true }))
  }

  async signOut(): Promise<void> {
    const bearer = this.bearer
    this.forget()
    this.become({ phase: 'signed-out' })
    if (bearer) {
      // Also when the window is closed at once: the cookie goes with the answer.
      await fetch(`${URL}/current`, { method: 'DELETE', keepalive: true, headers: { Authorization: `Bearer ${bearer}` } }).catch(() => undefined)
    }
  }

  /** Waits until there is a session again: renewed at once, or signed into again. */
  async recover(): Promise<void> {
    if (await this.renew()) return
    if (this.state.phase === 'signed-in') this.become({ phase: 'expired', me: this.state.me })
    if (this.state.phase !== 'expired') throw new Trouble('signed-out')
    await new Promise<void>((resolve) => this.waiting.push(resolve))
  }

  /** One renewal at a time, whoever asks for it. */
  private renew(): Promise<boolean> {
    this.renewing ??= this.renewOnce().finally(() => {
      this.renewing = undefined
    })
    return this.renewing
  }

  private async renewOnce(): Promise<boolean> {
    try {
      this.accept(await post(`${URL}/renewal`, undefined, this.bearer))
      return true
    } catch (failure) {
      if (failure instanceof Trouble && failure.kind === 'signed-out') kept.set(false)
      // A node that restarts has ended nobody's session: the token may still be good.
      const passes = failure instanceof Trouble && failure.passes && this.bearer !== undefined
      if (passes) this.timer = setTimeout(() => void this.renew(), 15_000)
      return passes
    }
  }

  private accept(session: Session): void {
    kept.set(true)
    this.bearer = session.token
    this.expiresAt = Date.parse(session.expiresAt)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.renew(), Math.max(30_000, this.expiresAt - Date.now() - MARGIN))
    this.become({ phase: 'signed-in', me: session.user })
    const waiting = this.waiting
    this.waiting = []
    waiting.forEach((resume) => resume())
  }

  private forget(): void {
    kept.set(false)
    this.bearer = undefined
    clearTimeout(this.timer)
    this.waiting = []
  }

  private become(state: SessionState): void {
    this.state = state
    this.listeners.forEach((listener) => listener())
  }
}

async function post(url: string, body: unknown, bearer?: string): Promise<Session> {
  let answer: Response
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}) },
      body: body === undefined ? null : JSON.stringify(body),
    })
  } catch {
    throw new Trouble('offline')
  }
  if (!answer.ok) throw Trouble.of(answer.status, (await answer.json().catch(() => undefined)) as Problem | undefined)
  return (await answer.json()) as Session
}

export const session = new SessionStore()
