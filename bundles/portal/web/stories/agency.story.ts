import { afterEach, expect, test } from 'vitest'
import { DESKTOP, NODE, PHONE, TENANT, Visit } from './browser'

const AGENCY_LOGIN = process.env.PORTAL_AGENCY_LOGIN ?? ''
const AGENCY_PASSWORD = process.env.PORTAL_AGENCY_PASSWORD ?? ''
const RUN = Date.now().toString(36)
const SLUG = `val-de-${RUN}`

let visit: Visit
afterEach(() => visit?.end())

const sign = async (login: string, password: string) => {
  const { page } = visit
  await page.locator('input[name=username]').fill(login)
  await page.locator('input[name=password]').fill(password)
  await page.locator('button[type=submit]').click()
  await page.locator('.bar').waitFor()
}

test('an agency welcomes a municipality, and its clerk signs in', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  const found: string[] = []
  await page.goto(NODE)
  await sign(AGENCY_LOGIN, AGENCY_PASSWORD)
  await page.locator('.standing', { hasText: 'Saint-Aurel' }).waitFor()
  found.push(...(await visit.show('agency-desk')))

  await page.getByRole('link', { name: 'Accueillir une organisation' }).click()
  await page.getByRole('button', { name: 'Créer l’organisation' }).click()
  await page.getByText('À remplir.').first().waitFor()
  found.push(...(await visit.show('agency-1-empty')))
  await page.getByLabel('Nom', { exact: true }).fill(`Val de ${RUN}`)
  expect(await page.getByLabel('Nom court').inputValue()).toBe(SLUG)
  await page.getByRole('button', { name: 'Créer l’organisation' }).click()
  await page.getByRole('heading', { name: 'Son administrateur' }).waitFor()

  // Left and found again: the address knows where one was.
  await page.reload()
  await page.getByLabel('Nom', { exact: true }).fill('Claire Besson')
  await page.getByLabel('Identifiant').fill(`claire@${SLUG}`)
  found.push(...(await visit.show('agency-2-administrator')))
  await page.getByRole('button', { name: 'Créer cette personne' }).click()
  const password = await page.locator('.once-secret').innerText()
  await page.getByRole('button', { name: 'C’est noté, fermer' }).click()
  await page.getByText(/Claire Besson.? peut se connecter/).waitFor()
  await page.getByRole('button', { name: 'Continuer' }).click()

  await page.getByText('Les comptes partagés de l’agence servent aussitôt.').waitFor()
  found.push(...(await visit.show('agency-3-accounts')))
  await page.getByRole('button', { name: 'Continuer' }).click()
  await page.getByLabel('Nom de famille').fill('Robert')
  await page.getByLabel('Prénom').fill('Inès')
  await page.getByLabel('Mobile').fill('06 39 98 12 34')
  await page.getByRole('button', { name: 'Ajouter', exact: true }).click()
  await page.getByText(/Inès Robert.? est dans les contacts/).waitFor()
  found.push(...(await visit.show('agency-4-contacts')))
  await page.getByRole('button', { name: 'Continuer' }).click()
  // All but a scenario, which it writes itself.
  await page.getByText('1 point à faire encore.').waitFor()
  found.push(...(await visit.show('agency-5-ready')))

  await page.getByRole('link', { name: 'Revenir au bureau' }).first().click()
  await page.locator('.standing', { hasText: `Val de ${RUN}` }).getByRole('link', { name: 'Terminer l’accueil' }).click()
  await page.getByText('1 point à faire encore.').waitFor()
  await page.getByRole('link', { name: 'Entrer chez elle' }).click()
  await page.locator('.behalf', { hasText: 'Lancement non autorisé' }).waitFor()
  found.push(...(await visit.show('agency-behalf')))
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
  await visit.end()

  visit = await Visit.begin(PHONE)
  await visit.page.goto(NODE)
  await sign(`claire@${SLUG}`, password)
  await visit.page.waitForURL(new RegExp(`/t/${SLUG}`))
  await visit.page.goto(`${NODE}/t/${SLUG}/admin/organisation`)
  await visit.page.getByText('Votre agence ne peut pas lancer en votre nom.').waitFor()
  expect(await visit.show('admin-organisation')).toEqual([])
  expect(visit.blame()).toEqual([])
})

test('an agency launches in a tenant’s name with its consent only, and the journal says so', async () => {
  const call = async (bearer: string, method: string, path: string, body?: unknown) =>
    fetch(`${NODE}/api/v1${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}), 'Idempotency-Key': `${RUN}.${Math.random()}` },
      body: body === undefined ? null : JSON.stringify(body),
    })
  const agency = ((await (await call('', 'POST', '/sessions', { login: AGENCY_LOGIN, password: AGENCY_PASSWORD })).json()) as { token: string }).token
  const launch = { scenario: 'rappel-astreinte', drill: true }
  const refused = await call(agency, 'POST', `/tenants/${TENANT}/alerts`, launch)
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('consent')
  expect((await call(agency, 'PUT', `/tenants/${TENANT}/consent`, { lasting: 'PT24H' })).status).toBe(403)

  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  await visit.signIn('/admin/organisation')
  await page.getByLabel('Pour quoi ? (facultatif)').fill('Astreinte du week-end')
  await page.getByRole('button', { name: 'Autoriser l’agence' }).click()
  await page.getByText(/^Accordé jusqu’au/).waitFor()
  const found = await visit.show('admin-consent')
  const launched = await call(agency, 'POST', `/tenants/${TENANT}/alerts`, launch)
  expect(launched.status).toBe(201)
  const { alertId } = (await launched.json()) as { alertId: number }
  await page.getByRole('button', { name: 'Retirer l’autorisation' }).click()
  await page.getByText('Votre agence ne peut pas lancer en votre nom.').waitFor()
  expect((await call(agency, 'POST', `/tenants/${TENANT}/alerts`, launch)).status).toBe(422)

  await visit.open(`/reports/${alertId}`)
  await page.locator('.entry .behalf-tag').waitFor()
  found.push(...(await visit.show('report-behalf')))
  // What stops messages never needs a consent.
  expect((await call(agency, 'POST', `/tenants/${TENANT}/alerts/${alertId}/cancellation`)).status).toBe(200)
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})

test('a suspended organisation is closed, and comes back', async () => {
  visit = await Visit.begin({ language: 'en', theme: 'dark', size: 'phone' })
  const { page } = visit
  await page.goto(NODE)
  await sign(AGENCY_LOGIN, AGENCY_PASSWORD)
  const card = page.locator('.standing', { hasText: `Val de ${RUN}` })
  await card.getByRole('button', { name: /^Suspend/ }).click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByRole('button', { name: 'Suspend' }).click()
  await dialog.getByText('Fill this in.').waitFor()
  const found = await visit.show('agency-suspend')
  await dialog.getByLabel('Why?').fill('End of the contract')
  await dialog.getByRole('button', { name: 'Suspend' }).click()
  await card.locator('.tone', { hasText: 'Suspended' }).waitFor()
  found.push(...(await visit.show('agency-suspended')))
  await card.getByRole('button', { name: /^Reinstate/ }).click()
  await dialog.getByRole('button', { name: 'Reinstate' }).click()
  await card.getByRole('button', { name: /^Suspend/ }).waitFor()
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})
