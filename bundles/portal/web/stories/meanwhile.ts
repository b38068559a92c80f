import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import { NODE, TENANT } from './browser'

/** Of this run alone: what a story that failed left behind is nobody else's. */
export const KEY = Date.now().toString(36)

/** The bearer of the page's own requests: what it holds is in no storage that could be read. */
export function bearerOf(page: Page): { bearer: string } {
  const seen = { bearer: '' }
  page.on('request', (request) => {
    seen.bearer = request.headers()['authorization'] ?? seen.bearer
  })
  return seen
}

/** What somebody else does meanwhile, without a browser; it must succeed. */
export async function meanwhile<T>(bearer: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(`${NODE}/api/v1/tenants/${TENANT}${path}`, {
    method,
    headers: { Authorization: bearer, 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  expect(answer.ok, `${method} ${path}: ${text}`).toBe(true)
  return (text ? JSON.parse(text) : undefined) as T
}
