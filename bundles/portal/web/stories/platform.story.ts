import { afterEach, expect, test } from 'vitest'
import { LOOKS, NODE, Visit } from './browser'

let visit: Visit
afterEach(() => visit.end())

const PASSWORD = process.env.PORTAL_OPERATOR_PASSWORD ?? ''

test.each(LOOKS)('who runs the platform sees nodes, accounts, agencies, runbooks and its journal: $language, $theme, $size', async (look) => {
  visit = await Visit.begin(look)
  const { page } = visit
  const found: string[] = []
  await page.goto(`${NODE}/`)
  await page.locator('input[name=username]').fill('operator')
  await page.locator('input[name=password]').fill(PASSWORD)
  await page.locator('button[type=submit]').click()
  await page.waitForURL(/\/platform\/nodes$/)
  await page.locator('.tone[data-tone=good]').first().waitFor()
  found.push(...(await visit.show('platform-nodes')))
  for (const [section, shown] of [
    ['accounts', '.row'],
    ['agencies', '.small-table tbody tr'],
    ['runbooks', '.row'],
    ['journal', '.entry'],
  ] as const) {
    await page.locator(`.section-link[href$=${section}]`).click()
    await page.locator(shown).first().waitFor()
    await expect.poll(() => page.getByText(/^(Chargement|Loading)/).count()).toBe(0)
    found.push(...(await visit.show(`platform-${section}`)))
  }
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})
