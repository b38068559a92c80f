import { afterEach, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { DESKTOP, LOOKS, NODE, PHONE, TENANT, Visit, ZOOMED, type Look } from './browser'

const DARK: Look = { language: 'en', theme: 'dark', size: 'desktop' }
/** Names of this run: what is made stays in the node, and other stories may look at it. */
const RUN = Date.now().toString(36)

let visit: Visit
afterEach(() => visit?.end())

/** Whatever the page was ever told or showed, to look for what must never be there. */
const heardBy = (page: Page) => {
  const heard: Promise<string>[] = []
  page.on('response', (response) => {
    if (response.url().includes('/api/')) heard.push(response.text().catch(() => ''))
  })
  return async () => (await Promise.all(heard)).join('\n')
}

/** Whatever the page asks for, with what it sends along: the browser's own record leaves bodies out. */
const askedBy = async (page: Page) => {
  await page.addInitScript(() => {
    const asked: string[] = []
    const send = window.fetch
    window.fetch = async (input, init) => {
      const request = new Request(input, init)
      asked.push(`${request.method} ${await request.clone().text()}`)
      return send(request)
    }
    Object.assign(window, { asked })
  })
  return () => page.evaluate(() => (window as unknown as { asked: string[] }).asked.join('\n'))
}

test.each(LOOKS)('each section can be read by everybody: $language, $theme, $size', async (look) => {
  visit = await Visit.begin(look)
  const { page } = visit
  const found: string[] = []
  await visit.signIn()
  for (const [section, shown] of [
    ['users', '.user-row'],
    ['accounts', '.user-row'],
    ['keys', '.panel'],
    ['organisation', '.panel'],
    ['journal', '.entry'],
  ] as const) {
    await visit.open(`/admin/${section}`)
    await page.locator(`.section-link[aria-current=page][href$=${section}]`).waitFor()
    await page.locator(shown).first().waitFor()
    await expect.poll(() => page.getByText(/^(Chargement|Loading)/).count()).toBe(0)
    found.push(...(await visit.show(`admin-${section}-all`)))
  }
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})

test('an administrator makes a person, who signs in with the password that was shown once', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  // Who has no access by telephone has none: that is the answer, and the browser tells its console.
  visit.excuse(/404.*\/users\/\d+\/phone/)
  const found: string[] = []
  await visit.signIn('/admin/users')
  await page.locator('.user-row').first().waitFor()
  found.push(...(await visit.show('admin-users')))
  await page.getByRole('button', { name: 'Ajouter une personne' }).click()
  const dialog = page.getByRole('dialog', { name: 'Ajouter une personne' })
  await dialog.getByRole('button', { name: 'Ajouter une personne' }).click()
  await dialog.getByText('À remplir.').first().waitFor()
  found.push(...(await visit.show('admin-user-empty')))

  // Hostile on purpose: it is a name, and stays one.
  await dialog.getByLabel('Nom').fill('<b onmouseover=alert(1)>Zoé</b> \u202EtneréG')
  await dialog.getByLabel('Identifiant').fill(`zoe-${RUN}@saint-aurel`)
  await dialog.getByLabel('auditeur').check()
  await dialog.getByRole('button', { name: 'Ajouter une personne' }).click()
  const once = page.getByRole('dialog', { name: /^Mot de passe de/ })
  const password = await once.locator('.once-secret').innerText()
  found.push(...(await visit.show('admin-once')))
  await once.getByRole('button', { name: 'C’est noté, fermer' }).click()
  await page.locator('.user-row', { hasText: `zoe-${RUN}@saint-aurel` }).waitFor()
  expect(await page.locator('b[onmouseover]').count()).toBe(0)

  const signedIn = async () =>
    (await fetch(`${NODE}/api/v1/sessions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login: `zoe-${RUN}@saint-aurel`, password }) })).status
  expect(await signedIn()).toBe(200)

  // The telephone, then suspended, by keyboard.
  await page.locator('.user-row', { hasText: `zoe-${RUN}` }).getByRole('button').press('Enter')
  await page.getByRole('button', { name: 'Donner un accès' }).click()
  expect(await page.locator('.once-secret').innerText()).toMatch(/^\d{6}$/)
  await page.getByRole('button', { name: 'C’est noté, fermer' }).press('Enter')
  await page.locator('.user-row', { hasText: `zoe-${RUN}` }).getByRole('button').press('Enter')
  await page.getByText(/Numéro d’identification\s: \d+/).waitFor()
  found.push(...(await visit.show('admin-user')))
  await page.getByRole('button', { name: 'Suspendre' }).press('Enter')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Suspendre' }).press('Enter')
  await page.locator('.user-row[data-off]', { hasText: `zoe-${RUN}` }).waitFor()
  expect(await signedIn()).toBe(401)
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})

test('an account with a secret: typed once and kept sealed, typed again where it would go elsewhere, never shown; what is typed for a name goes nowhere', async () => {
  visit = await Visit.begin(DARK)
  const { page } = visit
  visit.excuse(/422/)
  const heard = heardBy(page)
  const asked = await askedBy(page)
  const found: string[] = []
  await visit.signIn('/admin/accounts')
  await page.locator('.user-row').first().waitFor()
  found.push(...(await visit.show('admin-accounts')))
  await page.getByRole('button', { name: 'Add an account' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add an account' })
  await dialog.getByLabel('Type').selectOption('mail')
  await dialog.getByLabel('Short name').fill(`mail-${RUN}`)
  await dialog.getByLabel('host', { exact: true }).fill('127.0.0.1')
  await dialog.getByText('Optional settings').click()
  await dialog.getByRole('button', { name: 'Name a secret of the nodes instead : password', exact: true }).click()
  await dialog.getByLabel('password (Name of the secret)', { exact: true }).fill('Tr0ub4dor&3 é')
  await dialog.getByLabel('In service').uncheck()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Never the secret itself.').waitFor()
  found.push(...(await visit.show('admin-account')))
  await dialog.getByLabel('password (Name of the secret)', { exact: true }).fill('saint-aurel-sur-loue-mail')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'hidden' })
  expect(await asked()).toContain('secret:saint-aurel-sur-loue-mail')
  expect(await asked()).not.toContain('Tr0ub4dor')

  // The name gives way to what is typed.
  const edit = page.getByRole('dialog', { name: new RegExp(`^Account .?mail-${RUN}`) })
  const open = () => page.getByRole('button', { name: new RegExp(`^Change .?mail-${RUN}`) }).click()
  const password = edit.getByLabel('password', { exact: true })
  const save = async () => {
    await edit.getByRole('button', { name: 'Save' }).click()
    await edit.waitFor({ state: 'hidden' })
  }
  await open()
  await edit.getByText('A secret is in place.').waitFor()
  expect(await edit.locator('input').evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value).join())).not.toContain('saint-aurel-sur-loue-mail')
  await edit.getByRole('button', { name: 'Replace : password', exact: true }).click()
  expect([await password.getAttribute('type'), await password.getAttribute('autocomplete')]).toEqual(['password', 'new-password'])
  await password.fill('Tr0ub4dor&3 é')
  await save()

  await open()
  await edit.getByText(/^Kept sealed since .*, typed by maire@saint-aurel\. It is never shown\.$/).waitFor()
  found.push(...(await visit.show('admin-account-kept')))
  await edit.getByRole('button', { name: 'Replace : password', exact: true }).click()
  await edit.getByRole('button', { name: 'Keep : password', exact: true }).click()
  await edit.getByLabel('Rank').fill('77')
  await save()

  // Somewhere else it does not go by itself.
  await open()
  await edit.getByLabel('host', { exact: true }).fill('127.0.0.2')
  await edit.getByText(/^The settings change: the secret was typed for those there were/).waitFor()
  await edit.getByRole('button', { name: 'Save' }).click()
  await edit.getByText('Type the secret.').waitFor()
  found.push(...(await visit.show('admin-account-again')))
  for (const [name, size] of [['zoomed', ZOOMED], ['narrow', { width: 360, height: 740 }]] as const) {
    await page.setViewportSize(size)
    found.push(...(await visit.show(`admin-account-again-${name}`)))
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  await password.fill('C0rrect-horse')
  await save()
  await open()
  await edit.getByRole('button', { name: 'Forget : password', exact: true }).click()
  await edit.getByText('Forgotten when you save.').waitFor()
  await save()
  await open()
  await edit.getByText('Optional settings').click()
  expect(await password.inputValue()).toBe('')

  const told = await heard()
  expect(told).not.toMatch(/Tr0ub4dor|C0rrect/)
  expect(told).toContain('"rank":77')
  expect(await asked()).toContain('"password":"C0rrect-horse"')
  expect(await asked()).toContain('"password":null')
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toMatch(/Tr0ub4dor|C0rrect/)
  expect(await page.content()).not.toMatch(/Tr0ub4dor|C0rrect|lab-mail/)
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})

test('a key is shown once, works, and is refused once revoked; the journal knows', async () => {
  visit = await Visit.begin(PHONE)
  const { page } = visit
  const found: string[] = []
  await visit.signIn('/admin/keys')
  await page.getByRole('button', { name: 'Créer une clé' }).click()
  const dialog = page.getByRole('dialog', { name: 'Créer une clé' })
  await dialog.getByLabel('Pour quoi ?').fill(`Sirènes ${RUN}`)
  await dialog.getByLabel('auditeur').check()
  found.push(...(await visit.show('admin-key')))
  await dialog.getByRole('button', { name: 'Créer la clé' }).click()
  const secret = await page.locator('.once-secret').innerText()
  const journal = async () => (await fetch(`${NODE}/api/v1/tenants/${TENANT}/journal?order=newest&action=key.&limit=5`, { headers: { Authorization: `Bearer ${secret}` } })).status
  expect(await journal()).toBe(200)
  await page.getByRole('button', { name: 'C’est noté, fermer' }).click()
  expect(await page.content()).not.toContain(secret)
  const row = page.locator('.user-row', { hasText: `Sirènes ${RUN}` })
  await row.getByRole('button').click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Révoquer' }).click()
  await page.getByText(/ancienne/).waitFor()
  await expect.poll(journal).toBe(401)
  found.push(...(await visit.show('admin-keys')))

  await page.getByRole('link', { name: 'Journal' }).click()
  await page.getByLabel('Quoi').selectOption('key.')
  await page.getByRole('button', { name: 'Chercher' }).click()
  await page.locator('.entry', { hasText: 'Clé révoquée' }).first().waitFor()
  await page.locator('.notice-good').waitFor()
  await page.locator('.entry summary').first().click()
  found.push(...(await visit.show('admin-journal')))
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})

test('a form whose connection breaks keeps what was typed, and saves it once the line is back', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  visit.excuse(/ERR_|Failed to load resource/)
  await visit.signIn('/admin/keys')
  await page.getByRole('button', { name: 'Créer une clé' }).click()
  const dialog = page.getByRole('dialog', { name: 'Créer une clé' })
  await dialog.getByLabel('Pour quoi ?').fill(`Ligne ${RUN}`)
  await dialog.getByLabel('superviseur').check()
  await page.context().setOffline(true)
  await dialog.getByRole('button', { name: 'Créer la clé' }).click()
  await dialog.getByText('Le serveur ne répond pas.').waitFor()
  const found = await visit.show('admin-offline')
  expect(await dialog.getByLabel('Pour quoi ?').inputValue()).toBe(`Ligne ${RUN}`)
  await page.context().setOffline(false)
  await dialog.getByRole('button', { name: 'Créer la clé' }).click()
  await page.getByRole('button', { name: 'C’est noté, fermer' }).click()
  await page.locator('.user-row', { hasText: `Ligne ${RUN}` }).waitFor()
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})

test('two administrators change the same person: the second is told, and overwrites nothing', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  visit.excuse(/404.*\/users\/\d+\/phone/, /412/)
  let bearer = ''
  page.on('request', (request) => {
    bearer = request.headers()['authorization'] ?? bearer
  })
  await visit.signIn('/admin/users')
  await page.getByRole('button', { name: 'Ajouter une personne' }).click()
  await page.getByLabel('Nom').fill(`Double ${RUN}`)
  await page.getByLabel('Identifiant').fill(`double-${RUN}@saint-aurel`)
  await page.getByRole('dialog').getByLabel('superviseur').check()
  await page.getByRole('dialog').getByRole('button', { name: 'Ajouter une personne' }).click()
  await page.getByRole('button', { name: 'C’est noté, fermer' }).click()
  const row = page.locator('.user-row', { hasText: `double-${RUN}@saint-aurel` })
  await row.getByRole('button').click()

  const headers = { 'Content-Type': 'application/json', Authorization: bearer }
  const users = (await (await fetch(`${NODE}/api/v1/tenants/${TENANT}/users`, { headers })).json()) as { items: { id: number; login: string; version: number }[] }
  const user = users.items.find((each) => each.login === `double-${RUN}@saint-aurel`)!
  const other = { login: user.login, name: `Autre ${RUN}`, roles: ['auditor'] }
  expect((await fetch(`${NODE}/api/v1/tenants/${TENANT}/users/${user.id}`, { method: 'PUT', headers: { ...headers, 'If-Match': `"${user.version}"` }, body: JSON.stringify(other) })).status).toBe(200)

  await page.getByLabel('Nom').fill(`Mienne ${RUN}`)
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await page.getByText('Quelqu’un d’autre a modifié la même chose.').waitFor()
  const found = await visit.show('admin-changed')
  expect(await page.getByLabel('Nom').inputValue()).toBe(`Mienne ${RUN}`)
  await page.getByRole('button', { name: 'Abandonner' }).click()
  await row.locator('.row-title', { hasText: `Autre ${RUN}` }).waitFor()
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})
