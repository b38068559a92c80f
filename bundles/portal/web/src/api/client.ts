import createClient from 'openapi-fetch'
import type { paths } from '#schema'
import { session } from '../app/session'
import { Trouble, type Problem } from './trouble'

export type {
  Alert,
  ChannelView,
  Cost,
  Me,
  Observation,
  PersonState,
  Preview,
  Refusal,
  Session,
  Status,
  Step,
  Summary,
  Tenant,
  Totals,
  WaveProgress,
} from '#schema'

/** Where the API answers: the host that served this page, and no other. */
export const BASE = '/api/v1'

/**
 * Sends with the session's token. When the session has ended meanwhile it waits until it goes on (a renewal, or somebody who signs in
 * again over the same page) and sends once more: what was typed is not lost.
 */
export async function send(request: Request): Promise<Response> {
  const again = request.clone()
  const answer = await sendOnce(request)
  if (answer.status !== 401) return answer
  await session.recover()
  return sendOnce(again)
}

async function sendOnce(request: Request): Promise<Response> {
  const token = session.token()
  if (token) request.headers.set('Authorization', `Bearer ${token}`)
  request.headers.set('Accept', request.headers.get('Accept') ?? 'application/json')
  try {
    return await fetch(request)
  } catch (failure) {
    if (request.signal.aborted) throw failure
    throw new Trouble('offline')
  }
}

export const api = createClient<paths>({ baseUrl: BASE, fetch: send })

/** The data of an answer, or what it says went wrong. */
export async function ask<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked
  if (response.ok) return data as T
  throw Trouble.of(response.status, error as Problem | undefined)
}

/** A key under which a request may be repeated without being done twice. Works without a secure context, unlike randomUUID. */
export function onceKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
