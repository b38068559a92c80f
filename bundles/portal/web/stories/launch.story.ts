import { afterEach, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { Line } from './line'
import { DESKTOP, NODE, PASSWORD, PHONE, TENANT, Visit } from './browser'

/** The smallest audience of the sample commune: a dozen and a half people on call. */
const SMALL = "Rappel des agents d'astreinte"
const SLUG = 'rappel-astreinte'

let visit: Visit
afterEach(() => visit.end())

const hold = async (page: Page, milliseconds: number) => {
  const box = (await page.locator('.hold').boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.waitForTimeout(milliseconds)
  await page.mouse.up()
}
const ready = (page: Page) => page.locator('.hold:not([aria-disabled])').waitFor()
const onBoard = (page: Page) => page.waitForURL(/\/alerts\/\d+$/)
const alertsOf = async (bearer: string): Promise<{ alertId: number; drill: boolean }[]> => {
  const answer = await fetch(`${NODE}/api/v1/tenants/${TENANT}/alerts?limit=1000`, { headers: { Authorization: bearer } })
  return ((await answer.json()) as { items: { alertId: number; drill: boolean }[] }).items
}

/** The bearer of the page's own requests: what it holds is in no storage that could be read. */
const bearerOf = (page: Page) => {
  const seen = { bearer: '' }
  page.on('request', (request) => {
    seen.bearer = request.headers()['authorization'] ?? seen.bearer
  })
  return seen
}

test('an activator with a telephone: three actions, and a drill cannot be taken for the real thing', async () => {
  visit = await Visit.begin(PHONE)
  const { page } = visit
  const seen = bearerOf(page)
  await visit.signIn('/launch')
  const before = (await alertsOf(seen.bearer)).length

  await page.locator('.scenario-card', { hasText: SMALL }).click()
  expect(await page.locator('.hold').count()).toBe(0)
  await page.getByRole('radio', { name: /EXERCICE/ }).check({ force: true })
  await ready(page)
  expect(await page.title()).toMatch(/^EXERCICE · /)
  expect(await page.locator('link[rel=icon]').getAttribute('href')).toBe('/favicon-drill.svg')
  for (const text of await page.locator('.text blockquote').allInnerTexts()) expect(text).toMatch(/^EXERCICE/)

  // A short press is no launch, and says so.
  await hold(page, 300)
  await page.getByText('Trop court : rien n’est parti.').waitFor()
  expect((await alertsOf(seen.bearer)).length).toBe(before)

  await hold(page, 2300)
  await onBoard(page)
  await page.locator('.band[data-mode=drill]').waitFor()
  expect(await page.locator('.band').innerText()).toContain('EXERCICE')
  const after = await alertsOf(seen.bearer)
  expect(after.length).toBe(before + 1)
  expect(after[0]!.drill).toBe(true)

  // Answers come in by themselves.
  await page.locator('.legend-item[data-state=ANSWERED] .legend-figure:not(:text-is("0"))').waitFor({ timeout: 90_000 })
  expect(visit.blame()).toEqual([])
})

test('by keyboard alone, for real: held, paused, resumed, cancelled; and a reload finds it again', async () => {
  visit = await Visit.begin({ ...DESKTOP, language: 'en' })
  const { page } = visit
  await visit.signIn(`/launch/${SLUG}?mode=live`)
  await ready(page)
  expect(await page.title()).toMatch(/^LIVE · /)
  await page.locator('.hold').focus()
  await page.keyboard.down('Enter')
  await page.waitForTimeout(400)
  await page.keyboard.up('Enter')
  await page.getByText('Too short: nothing has left.').waitFor()
  await page.keyboard.down('Space')
  await onBoard(page)
  await page.keyboard.up('Space')
  await page.locator('.connection[data-connection=live]').waitFor()

  await page.getByRole('button', { name: 'Pause' }).press('Enter')
  await page.getByText('Paused: nothing new leaves.').waitFor()
  await page.reload()
  await page.getByRole('button', { name: 'Resume' }).press('Enter')
  await page.getByRole('button', { name: 'Pause' }).waitFor()

  await page.getByRole('button', { name: 'Cancel the alert' }).press('Enter')
  const dialog = page.getByRole('alertdialog')
  await dialog.getByText('cannot be taken back').waitFor()
  const found = await visit.show('board-cancel')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await page.getByRole('button', { name: 'Cancel the alert' }).press('Enter')
  await dialog.getByRole('button', { name: 'Yes, cancel it' }).press('Enter')
  await page.locator('.band-state', { hasText: 'Cancelled' }).waitFor()
  found.push(...(await visit.show('board-cancelled')))
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Evidence package' }).press('Enter')
  expect((await saved).suggestedFilename()).toMatch(/^evidence-.*\.zip$/)
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})

test('whoever cannot hold is asked instead', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  await visit.signIn(`/launch/${SLUG}?mode=drill`)
  await ready(page)
  // As assistive technology clicks: without a pointer.
  await page.locator('.hold').evaluate((button) => (button as HTMLButtonElement).click())
  const dialog = page.getByRole('alertdialog')
  await dialog.waitFor()
  expect(await visit.show('launch-4-ask')).toEqual([])
  await dialog.getByRole('button', { name: 'Oui, lancer l’exercice' }).click()
  await onBoard(page)
  expect(visit.blame()).toEqual([])
})

test('a variable left empty stops the launch where it is missing, and nothing leaves', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  const seen = bearerOf(page)
  await visit.signIn(`/launch/${SLUG}?mode=live`)
  await ready(page)
  const before = (await alertsOf(seen.bearer)).length
  await page.getByLabel('motif').fill('')
  await page.locator('.notice-bad').waitFor()
  expect(await visit.show('launch-3-problem')).toEqual([])
  await hold(page, 2300)
  expect((await alertsOf(seen.bearer)).length).toBe(before)

  // Whatever is typed is text: in the message, and on this page.
  await page.getByLabel('motif').fill('<img src=x onerror="alert(1)"> \u202Eévac')
  await page.locator('.text blockquote', { hasText: '<img src=x' }).first().waitFor()
  await ready(page)
  expect(visit.blame()).toEqual([])
})

test('a session that ends under the hands of somebody who types loses nothing', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  visit.excuse(/401/)
  const seen = bearerOf(page)
  await visit.signIn(`/launch/${SLUG}?mode=drill`)
  await ready(page)
  await page.getByLabel('motif').fill('crue de la Loue')
  await ready(page)
  await fetch(`${NODE}/api/v1/sessions/current`, { method: 'DELETE', headers: { Authorization: seen.bearer } })

  const dialog = page.getByRole('dialog', { name: 'Votre session est terminée' })
  await dialog.waitFor()
  expect(await visit.show('session-over')).toEqual([])
  await dialog.locator('input[type=password]').fill('not this one')
  await dialog.getByRole('button', { name: 'Se connecter' }).click()
  await dialog.getByText('Identifiant ou mot de passe incorrect').waitFor()
  await dialog.locator('input[type=password]').fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Se connecter' }).click()
  await dialog.waitFor({ state: 'hidden' })
  expect(await page.getByLabel('motif').inputValue()).toBe('crue de la Loue')
  await ready(page)
  await hold(page, 2300)
  await onBoard(page)
  expect(visit.blame()).toEqual([])
})

test.each(['cut', 'dead without a word'] as const)('a board whose line is %s says so and comes back by itself', async (how) => {
  const line = await Line.open()
  try {
    visit = await Visit.begin(DESKTOP, line.url)
    const { page } = visit
    visit.excuse(/ERR_|Failed to load resource/)
    await visit.signIn(`/launch/${SLUG}?mode=live`)
    await ready(page)
    await hold(page, 2300)
    await onBoard(page)
    const live = page.locator('.connection[data-connection=live]')
    await live.waitFor()
    if (how === 'cut') line.cut()
    else line.die()
    await page.locator('.connection[data-connection=lost]').waitFor()
    if (how !== 'cut') line.mend()
    await live.waitFor()
    expect(visit.blame()).toEqual([])
  } finally {
    await line.close()
  }
})

test('who signs out is out, in this window and after a reload; what is kept of the session no script can read', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  await visit.signIn()
  const cookie = (await page.context().cookies(`${NODE}/api/v1/sessions`)).find(({ name }) => name === '__Secure-tocsin')
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/api/v1/sessions' })
  expect(await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toMatch(/tb_/)
  await page.reload()
  await page.locator('.bar').waitFor()
  await page.getByRole('button', { name: 'Compte et affichage' }).click()
  await page.getByRole('menuitem', { name: 'Se déconnecter' }).click()
  await page.locator('input[name=username]').waitFor()
  await page.reload()
  await page.locator('input[name=username]').waitFor()
  await expect.poll(() => page.context().cookies(`${NODE}/api/v1/sessions`)).toEqual([])
  expect(visit.blame()).toEqual([])
})
