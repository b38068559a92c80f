import { readFileSync } from 'node:fs'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { DESKTOP, LOGIN, NODE, PASSWORD, PHONE, TENANT, Visit, type Look } from './browser'

/** The smallest audience of the sample commune. */
const SLUG = 'rappel-astreinte'
const TITLE = "Rappel des agents d'astreinte"
const DARK: Look = { language: 'en', theme: 'dark', size: 'desktop' }

const WAIT = { timeout: 90_000, interval: 500 }

let visit: Visit
afterEach(() => visit?.end())

type Past = { alertId: number; figures?: unknown }
let bearer = ''
const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${NODE}/api/v1${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}), ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer.status === 204 ? undefined : answer.json()
}

/** Two drills that are over and counted: launched as any client would, ended as soon as somebody answered. */
beforeAll(async () => {
  bearer = ((await call('POST', '/sessions', { login: LOGIN, password: PASSWORD })) as { token: string }).token
  for (let i = 0; i < 2; i++) {
    const { alertId } = (await call('POST', `/tenants/${TENANT}/alerts`, { scenario: SLUG, drill: true }, { 'Idempotency-Key': `reports.${Date.now()}.${i}` })) as Past
    await vi.waitUntil(async () => ((await call('GET', `/tenants/${TENANT}/alerts/${alertId}`)) as { totals: { answered: number } }).totals.answered > 0, WAIT)
    await call('POST', `/tenants/${TENANT}/alerts/${alertId}/closing`)
    await vi.waitUntil(async () => ((await call('GET', `/tenants/${TENANT}/reports/${alertId}`)) as Past).figures !== undefined, WAIT)
  }
})

test.each([DESKTOP, DARK, PHONE])('the report of a drill that is over is read, taken away and compared: $language, $theme, $size', async (look) => {
  visit = await Visit.begin(look)
  const { page } = visit
  const found: string[] = []
  await visit.signIn('/reports')
  await page.locator('.month-part').first().waitFor({ state: 'attached' })
  await page.locator('.past-row').nth(1).waitFor()
  found.push(...(await visit.show('reports')))

  await page.locator('.pill', { hasText: look.language === 'fr' ? 'Exercices' : 'Drills' }).click()
  await page.locator('.past-row', { hasText: TITLE }).nth(1).waitFor()
  await expect.poll(() => page.locator('.past-row .mode-tag[data-mode=live]').count()).toBe(0)

  await page.locator('.past-row', { hasText: TITLE }).first().locator('a').click()
  await page.locator('h1', { hasText: TITLE }).waitFor()
  await page.locator('.band[data-mode=drill]').waitFor()
  await page.locator('.text blockquote', { hasText: /^(EXERCICE|DRILL)/ }).first().waitFor()
  await page.locator('.entry', { hasText: look.language === 'fr' ? 'Alerte lancée' : 'Alert launched' }).waitFor()
  await page.locator('.notice-good').waitFor()
  found.push(...(await visit.show('report')))

  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: look.language === 'fr' ? 'Rapport (PDF)' : 'Report (PDF)' }).click()
  const pdf = await saved
  expect(pdf.suggestedFilename()).toMatch(/^evidence-.*-report\.pdf$/)
  expect(readFileSync(await pdf.path()).subarray(0, 5).toString()).toBe('%PDF-')

  await visit.open('/reports')
  await page.locator('.past-row', { hasText: TITLE }).nth(1).waitFor()
  for (const index of [0, 1]) await page.locator('.past-row', { hasText: TITLE }).nth(index).locator('input').check()
  await page.getByRole('button', { name: look.language === 'fr' ? 'Comparer ces 2' : 'Compare these 2' }).click()
  await page.locator('.compare-table thead th').nth(1).waitFor()
  await page.locator('.compare-cell').first().waitFor()
  found.push(...(await visit.show('reports-compare')))
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})
