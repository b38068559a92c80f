import { afterEach, describe, expect, test } from 'vitest'
import { DESKTOP, LOOKS, Visit } from './browser'
import { bearerOf, KEY, meanwhile } from './meanwhile'

let visit: Visit
afterEach(() => visit.end())

describe.each(LOOKS)('in $language, $theme, on a $size', (look) => {
  test('lists of every kind: read, and counted while they are written', async () => {
    visit = await Visit.begin(look)
    const { page } = visit
    const found: string[] = []
    await visit.signIn('/contacts/lists')
    await page.locator('.list-row').first().waitFor()
    await expect.poll(() => page.locator('.list-count', { hasText: /\d/ }).count()).toBeGreaterThan(5)
    found.push(...(await visit.show('lists')))
    await page.locator('.list-row .row-title', { hasText: /^Quartier bas$/ }).click()
    await page.locator('.head-count[aria-busy=false] .reach-row').first().waitFor()
    found.push(...(await visit.show('list-tags')))
    await visit.open('/contacts/lists/cellule-de-crise')
    await page.locator('.members .person-name a').first().waitFor()
    await page.locator('.members input[type=search]').fill('guinchard')
    await page.locator('.found .row').first().waitFor()
    await page.locator('.head-count[aria-busy=false] .reach-row').first().waitFor()
    found.push(...(await visit.show('list-static')))
    await visit.open('/contacts/lists/hors-zone-inondable')
    await page.locator('.head-count[aria-busy=false] .reach-row').first().waitFor()
    found.push(...(await visit.show('list-nested')))
    await visit.open('/contacts/lists/new')
    await page.locator('.choice').first().waitFor()
    await page.locator('.head-count[aria-busy=false] .reach-row').first().waitFor()
    found.push(...(await visit.show('list-new')))
    expect(found).toEqual([])
    expect(visit.blame()).toEqual([])
  })
})

test('members come and go one by one, each undone at will; a list two people write is not overwritten', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  visit.excuse(/412|422/)
  const seen = bearerOf(page)
  await visit.signIn('/contacts/lists/new')
  await page.getByRole('textbox', { name: 'Nom de la liste' }).fill(`Équipe « ${KEY} »`)
  await page.locator('.choice', { hasText: 'Personne par personne' }).click()
  await page.getByRole('button', { name: 'Créer la liste' }).click()
  await page.waitForURL(new RegExp(`/lists/equipe-${KEY}$`))
  await page.getByText('Aucun membre pour le moment').waitFor()
  await page.getByLabel('Ajouter des personnes').fill('AG-002')
  await page.getByRole('button', { name: 'Ajouter Guinchard Gaël' }).press('Enter')
  await page.getByText('Guinchard Gaël : ajouté à la liste.').waitFor()
  await page.locator('.members .person-name a', { hasText: 'Guinchard' }).waitFor()
  await page.getByText('Déjà membre').waitFor()
  await page.getByRole('button', { name: 'Retirer Guinchard Gaël' }).click()
  await page.getByText('Guinchard Gaël : retiré de la liste.').waitFor()
  await page.getByRole('button', { name: 'Annuler', exact: true }).click()
  await page.locator('.members .person-name a', { hasText: 'Guinchard' }).waitFor()

  await page.getByRole('textbox', { name: 'Nom de la liste' }).fill('Mon nom')
  await meanwhile(seen.bearer, 'PUT', `/lists/equipe-${KEY}`, { name: 'Leur nom', kind: 'static' })
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await page.getByText('Quelqu’un a modifié cette liste').waitFor()
  expect(await visit.show('list-conflict')).toEqual([])
  await page.locator('.conflict .choice', { hasText: 'Mon nom' }).click()
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await page.getByText('Enregistré.', { exact: true }).waitFor()
  await page.getByRole('heading', { level: 1, name: 'Mon nom' }).waitFor()

  // A name that is taken is said so, and nothing is replaced.
  await visit.open('/contacts/lists/new')
  await page.getByRole('textbox', { name: 'Nom de la liste' }).fill(`Équipe ${KEY}`)
  await page.getByRole('button', { name: 'Créer la liste' }).click()
  await page.locator('.notice-bad', { hasText: 'already' }).waitFor()

  page.on('dialog', (dialog) => void dialog.accept())
  await visit.open(`/contacts/lists/equipe-${KEY}`)
  await page.getByRole('button', { name: 'Supprimer la liste' }).click()
  await page.getByRole('button', { name: 'Oui, supprimer' }).click()
  await page.waitForURL(/\/contacts\/lists$/)
  // A list that scenarios stand on says which; it is kept.
  await page.locator('.list-row', { hasText: 'Agents d’astreinte' }).or(page.locator('.list-row', { hasText: "Agents d'astreinte" })).first().click()
  await page.getByRole('button', { name: 'Supprimer la liste' }).click()
  await page.getByText('Ces scénarios l’utilisent').waitFor()
  await page.getByRole('button', { name: 'Garder la liste' }).click()
  expect(visit.blame()).toEqual([])
})
