import { afterEach, expect, test } from 'vitest'
import { DESKTOP, LOOKS, NODE, Visit, type Look } from './browser'

let visit: Visit
let other: Visit | undefined
afterEach(async () => {
  await visit.end()
  await other?.end()
  other = undefined
})

const PASSWORD = process.env.PORTAL_OPERATOR_PASSWORD ?? ''
/** Names of this run: what is made stays in the node. */
const RUN = Date.now().toString(36)

const sign = async ({ page }: Visit, login = 'operator', password = PASSWORD) => {
  await page.locator('input[name=username]').fill(login)
  await page.locator('input[name=password]').fill(password)
  await page.locator('button[type=submit]').click()
}

test.each(LOOKS)('who runs the platform sees nodes, accounts, agencies, runbooks and its journal: $language, $theme, $size', async (look) => {
  visit = await Visit.begin(look)
  const { page } = visit
  const found: string[] = []
  await page.goto(`${NODE}/`)
  await sign(visit)
  await page.waitForURL(/\/platform\/nodes$/)
  await page.locator('.tone[data-tone=good]').first().waitFor()
  found.push(...(await visit.show('platform-nodes')))
  for (const [section, shown] of [
    ['accounts', '.row'],
    ['agencies', '.small-table tbody tr'],
    ['operators', '.user-row'],
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

test('an operator makes an agency with its first administrator and its caps, suspends it and opens it again', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  const found: string[] = []
  await page.goto(`${NODE}/platform/agencies`)
  await sign(visit)
  await page.getByRole('link', { name: 'Ajouter une agence' }).click()
  await page.getByRole('button', { name: 'Créer l’agence' }).click()
  await page.getByText('À remplir.').first().waitFor()
  found.push(...(await visit.show('platform-welcome-empty')))
  // Taken: the server names the field, and why.
  visit.excuse(/422/)
  await page.getByLabel('Nom', { exact: true }).fill('Franc-Comtoise')
  await page.getByLabel('Nom court').fill('agence-franc-comtoise')
  await page.getByRole('button', { name: 'Créer l’agence' }).click()
  await page.locator('.notice-bad').waitFor()
  found.push(...(await visit.show('platform-welcome-taken')))
  await page.getByLabel('Nom', { exact: true }).fill(`Agence du <b>${RUN}</b>`)
  await page.getByLabel('Nom court').fill(`agence-${RUN}`)
  await page.getByRole('button', { name: 'Créer l’agence' }).click()
  await page.getByRole('heading', { name: 'Son administrateur' }).waitFor()

  // Left and found again: the address knows where one was.
  await page.reload()
  await page.getByLabel('Nom', { exact: true }).fill('Aude Vidal')
  await page.getByLabel('Identifiant').fill(`aude@${RUN}`)
  await page.getByRole('button', { name: 'Créer cette personne' }).click()
  const password = await page.locator('.once-secret').innerText()
  await page.getByRole('button', { name: 'C’est noté, fermer' }).click()
  await page.getByText(/Aude Vidal.? peut se connecter/).waitFor()
  await page.getByRole('button', { name: 'Continuer' }).click()
  await page.getByRole('button', { name: 'Ajouter un plafond' }).click()
  const cap = page.getByRole('dialog')
  await cap.getByLabel('Nom court').fill('central')
  await cap.getByLabel('Débuts de numéros').fill('+33 3 53 01')
  await cap.getByLabel('Par seconde, au plus').fill('20')
  await cap.getByRole('button', { name: 'Enregistrer' }).click()
  await page.locator('.user-row', { hasText: 'central' }).waitFor()
  found.push(...(await visit.show('platform-welcome-caps')))
  await page.getByRole('link', { name: 'Terminer' }).click()
  await page.getByRole('heading', { level: 1, name: `Agence du <b>${RUN}</b>` }).waitFor()
  await page.locator('.user-row', { hasText: 'Aude Vidal' }).waitFor()
  await page.getByRole('button', { name: /^Modifier .?central/ }).click()
  await cap.getByLabel('Par seconde, au plus').fill('25')
  await cap.getByRole('button', { name: 'Enregistrer' }).click()
  await page.locator('.user-row', { hasText: '25 par seconde' }).waitFor()
  found.push(...(await visit.show('platform-agency')))

  // Two windows, one agency: nobody is overwritten in silence.
  visit.excuse(/412/)
  await page.getByRole('button', { name: 'Modifier', exact: true }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Poids face aux autres agences').fill('101')
  await form.getByRole('button', { name: 'Enregistrer' }).click()
  await form.getByText('Un nombre entier de 1 à 100.').waitFor()
  await form.getByLabel('Poids face aux autres agences').fill('3')
  other = await Visit.begin(DESKTOP)
  await other.page.goto(`${NODE}/platform/agencies/agence-${RUN}`)
  await sign(other)
  await other.page.getByRole('button', { name: 'Modifier', exact: true }).click()
  await other.page.getByRole('dialog').getByLabel('Nom', { exact: true }).fill(`Agence ${RUN}`)
  await other.page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click()
  await other.page.getByRole('heading', { level: 1, name: `Agence ${RUN}` }).waitFor()
  await form.getByRole('button', { name: 'Enregistrer' }).click()
  await form.getByText(/Quelqu’un d’autre vient d’enregistrer/).waitFor()
  found.push(...(await visit.show('platform-agency-overtaken')))
  await form.getByRole('button', { name: 'Reprendre la leur' }).click()
  await form.getByLabel('Poids face aux autres agences').fill('3')
  await form.getByRole('button', { name: 'Enregistrer' }).click()
  await form.waitFor({ state: 'detached' })
  await page.getByRole('heading', { level: 1, name: `Agence ${RUN}` }).waitFor()
  await page.getByText('Poids face aux autres agences : 3').waitFor()
  expect(other.blame()).toEqual([])

  await page.getByRole('button', { name: 'Suspendre' }).click()
  const why = page.getByRole('alertdialog')
  await why.getByLabel('Pourquoi ?').fill('Fin du contrat')
  found.push(...(await visit.show('platform-agency-suspend')))
  await why.getByRole('button', { name: 'Suspendre' }).click()
  await page.getByText('Cette agence est suspendue').waitFor()
  found.push(...(await visit.show('platform-agency-suspended')))
  await other.end()
  other = await Visit.begin({ language: 'en', theme: 'dark', size: 'phone' })
  other.excuse(/401/)
  await other.page.goto(NODE)
  await sign(other, `aude@${RUN}`, password)
  await other.page.locator('.notice-bad').waitFor()
  await page.getByRole('button', { name: 'Rétablir' }).click()
  await why.getByRole('button', { name: 'Rétablir' }).click()
  await page.getByText('Cette agence est suspendue').waitFor({ state: 'detached' })
  await sign(other, `aude@${RUN}`, password)
  await other.page.waitForURL(new RegExp(`/agencies/agence-${RUN}$`))
  await other.page.goto(`${NODE}/platform/agencies/agence-${RUN}`)
  await other.page.getByText('These screens are for those who run the platform.').waitFor()
  expect(other.blame()).toEqual([])
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})

const NIGHT: Look = { language: 'en', theme: 'dark', size: 'phone' }

test('operators make each other, and suspend each other but the last', async () => {
  visit = await Visit.begin(NIGHT)
  const { page } = visit
  const found: string[] = []
  await page.goto(`${NODE}/platform/operators`)
  await sign(visit)
  await page.getByRole('button', { name: 'Add a person' }).click()
  const form = page.getByRole('dialog')
  visit.excuse(/422/)
  await form.getByLabel('Name').fill('Ada Un')
  await form.getByLabel('Login').fill('operator')
  await form.getByRole('button', { name: 'Add a person' }).click()
  await form.locator('.notice-bad').waitFor()
  found.push(...(await visit.show('platform-operator-taken')))
  await form.getByLabel('Login').fill(`ada-${RUN}`)
  await form.getByRole('button', { name: 'Add a person' }).click()
  const password = await page.locator('.once-secret').innerText()
  found.push(...(await visit.show('platform-operator-made')))
  await page.locator('.dialog').getByRole('button').last().click()

  other = await Visit.begin(DESKTOP)
  await other.page.goto(`${NODE}/platform/agencies/agence-franc-comtoise`)
  await sign(other, `ada-${RUN}`, password)
  await other.page.getByRole('heading', { level: 1, name: 'Agence franc-comtoise' }).waitFor()
  expect(await other.show('platform-agency-of-files')).toEqual([])
  const row = page.locator('.user-row', { hasText: `ada-${RUN}` })
  await row.getByRole('button').click()
  await form.getByRole('button', { name: 'Suspend' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Suspend' }).click()
  await row.getByText('Suspended').waitFor()
  // Whose session ended is asked to sign in again, over the same page.
  other.excuse(/401/)
  await other.page.locator('.section-link, a', { hasText: 'Revenir aux agences' }).first().click()
  await other.page.getByRole('dialog').locator('input[name=password]').waitFor()
  // One's own row has no such button: nobody shuts themselves out.
  await page.locator('.user-row', { hasText: '(you)' }).getByRole('button').click()
  expect(await form.getByRole('button', { name: 'Suspend' }).count()).toBe(0)
  found.push(...(await visit.show('platform-operator-self')))
  expect(other.blame()).toEqual([])
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})
