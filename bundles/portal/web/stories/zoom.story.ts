import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { DESKTOP, NODE, TENANT, Visit, ZOOMED } from './browser'
import { bearerOf, meanwhile } from './meanwhile'

let visit: Visit
afterEach(() => visit?.end())

/** Every address the router knows: one that is added and not looked at here fails the story. */
const ROUTES = [...readFileSync(join(import.meta.dirname, '../src/app/router.tsx'), 'utf8').matchAll(/^ {2}path: '([^']+)'/gm)].map(([, path]) => path!)
const ofTenant = (path: string) => !/^\/(t|agencies|platform)\//.test(path)
const looked = new Set<string>()

/** One screen in a window of half the width, as at 200 %, and in one of 360 px: nothing is cut off, covered, or beside the window. */
async function look(route: string, address: string): Promise<string[]> {
  const { page } = visit
  looked.add(route)
  await page.setViewportSize(ZOOMED)
  await page.goto(`${NODE}${address}`)
  await page.locator('h1').first().waitFor()
  await expect.poll(() => page.locator('.waiting, p:text-matches("^(Chargement|Loading)")').count(), { timeout: 30_000 }).toBe(0)
  const name = `zoom${address.replace(/[^a-z]+/gi, '-')}`
  const found = [...(await visit.show(name)), ...(await visit.covered(name))]
  await page.setViewportSize({ width: 360, height: 740 })
  return [...found, ...(await visit.overflow()).map((each) => `${name} at 360 px: ${each}`), ...(await visit.covered(`${name} at 360 px`))]
}

test('at 200 % and at 360 px no screen of an organisation is cut off, covered, or wider than its window', { timeout: 300_000 }, async () => {
  visit = await Visit.begin(DESKTOP)
  // A browser without a graphics card draws a map in software, and remarks on it whenever a picture is taken.
  visit.excuse(/GPU stall due to ReadPixels/)
  const seen = bearerOf(visit.page)
  await visit.signIn()
  const first = async (path: string) => (await meanwhile<{ items: Record<string, string | number>[] }>(seen.bearer, 'GET', path)).items[0]!
  const alerts = await meanwhile<{ items: { alertId: number }[] }>(seen.bearer, 'GET', '/alerts')
  const params: Record<string, string | number> = {
    scenario: 'inondation',
    alert: alerts.items[0]!.alertId,
    kind: 'all-clear',
    contact: (await first('/contacts?limit=1')).id!,
    run: (await first('/imports?limit=1')).id!,
    list: (await first('/lists')).slug!,
  }
  const found: string[] = []
  for (const route of ROUTES.filter((path) => ofTenant(path) && path !== '/')) {
    for (const section of route.includes('$section') ? ['users', 'accounts', 'keys', 'organisation', 'journal'] : ['']) {
      const address = route.replace(/\$(\w+)/g, (_, name: string) => encodeURIComponent(name === 'section' ? section : (params[name] ?? name)))
      found.push(...(await look(route, `/t/${TENANT}${address}${route.endsWith('/compare') ? `?of=${params.alert}` : ''}`)))
    }
  }
  found.push(...(await look('/t/$tenant', `/t/${TENANT}`)))
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})

test('nor is one of those who serve many', { timeout: 300_000 }, async () => {
  visit = await Visit.begin({ language: 'en', theme: 'dark', size: 'desktop' })
  const { page } = visit
  await page.goto(`${NODE}/platform/nodes`)
  await page.locator('input[name=username]').fill('operator')
  await page.locator('input[name=password]').fill(process.env.PORTAL_OPERATOR_PASSWORD ?? '')
  await page.locator('button[type=submit]').click()
  await page.locator('.section-link').first().waitFor()
  const found: string[] = []
  for (const route of ROUTES.filter((path) => /^\/(agencies|platform)\//.test(path))) {
    for (const section of route.includes('$section') ? ['nodes', 'accounts', 'agencies', 'operators', 'journal'] : ['']) {
      found.push(...(await look(route, route.replace('$section', section).replace('$agency', 'agence-franc-comtoise'))))
    }
  }
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
  // The start only leads elsewhere, and a tenant's home is under its own address.
  expect(ROUTES.filter((route) => !looked.has(route) && route !== '/')).toEqual([])
})
