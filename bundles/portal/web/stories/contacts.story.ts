import { afterEach, describe, expect, test } from 'vitest'
import { DESKTOP, LOOKS, Visit } from './browser'
import { bearerOf, KEY, meanwhile } from './meanwhile'

let visit: Visit
afterEach(() => visit.end())

const PERSON = `PORTAIL-${KEY}`

/** Somebody of this story alone, deleted at its end. */
const someone = (key: string, lastName: string) => ({
  externalId: key,
  firstName: 'Zoé',
  lastName,
  legalBasis: 'mission de service public',
  origin: 'guichet',
  tags: ['essai-fiche'],
  endpoints: [
    { kind: 'mobile', address: '06 39 98 77 01' },
    { kind: 'fax', address: '03 53 01 77 02' },
    { kind: 'email', address: 'zoe@commune.example' },
  ],
})

describe.each(LOOKS)('in $language, $theme, on a $size', (look) => {
  test('people: found, read, and what is wrong said where it is', async () => {
    visit = await Visit.begin(look)
    const { page } = visit
    const found: string[] = []
    const french = look.language === 'fr'
    await visit.signIn('/contacts')
    await page.locator('.person-name a').first().waitFor()
    found.push(...(await visit.show('contacts')))

    await page.locator('input[type=search]').fill('guinchard')
    await page.locator('.filters-found').waitFor()
    await page.locator('.person-name a', { hasText: /guinchard/i }).first().waitFor()
    found.push(...(await visit.show('contacts-search')))
    await page.locator('input[type=search]').fill('personne-de-ce-nom')
    await page.locator('.notice').waitFor()
    found.push(...(await visit.show('contacts-none')))

    await page.locator('input[type=search]').fill('AG-002')
    await page.locator('.person-name a', { hasText: 'Guinchard' }).click()
    await page.locator('.endpoint').first().waitFor()
    found.push(...(await visit.show('person')))

    await visit.open('/contacts/new')
    await page.locator('.endpoint').first().waitFor()
    await page.locator('button[type=submit]').click()
    await page.locator('.field-error').first().waitFor()
    found.push(...(await visit.show('person-new')))
    // The API's own words about a number that is none.
    visit.excuse(/422/)
    await page.locator('.endpoint-address input').fill('12')
    await page.locator('button[type=submit]').click()
    await page.locator('.endpoint .field-error').waitFor()
    expect(await page.title()).toContain(french ? 'Nouvelle personne' : 'New person')
    expect(found).toEqual([])
    expect(visit.blame()).toEqual([])
  })
})

test('a person is added, put in order, deleted and brought back with all they had', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  const seen = bearerOf(page)
  await visit.signIn('/contacts/new')
  await page.getByLabel('Nom', { exact: true }).fill('<script>alert(1)</script>')
  await page.getByLabel('Prénom').fill('=1+1')
  await page.getByLabel('Numéro ou adresse 1').fill('06 39 98 77 11')
  await page.getByRole('button', { name: 'Ajouter un moyen' }).click()
  await page.getByLabel('Moyen 2', { exact: true }).selectOption('fax')
  await page.getByLabel('Numéro ou adresse 2').fill('03 53 01 77 12')
  await page.getByRole('combobox', { name: 'Étiquettes' }).fill('essai-fiche,')
  await page.getByRole('button', { name: 'Ajouter cette personne' }).click()
  await page.waitForURL(/\/contacts\/\d+$/)
  const id = /\d+$/.exec(page.url())![0]
  await page.getByRole('heading', { level: 1, name: '<script>alert(1)</script> =1+1' }).waitFor()

  // By keyboard: the fax first.
  await page.getByRole('button', { name: 'Monter le moyen 2' }).press('Enter')
  await page.getByRole('button', { name: 'Enregistrer' }).press('Enter')
  await page.getByText('Enregistré.', { exact: true }).waitFor()
  const kinds = async () =>
    (await meanwhile<{ endpoints: { kind: string }[] }>(seen.bearer, 'GET', `/contacts/${id}`)).endpoints.map(({ kind }) => kind)
  expect(await kinds()).toEqual(['fax', 'mobile'])

  await page.getByRole('button', { name: 'Supprimer cette personne' }).click()
  await page.getByRole('button', { name: 'Annuler la suppression' }).waitFor()
  expect(await visit.show('contacts-undo')).toEqual([])
  await page.getByRole('button', { name: 'Annuler la suppression' }).click()
  await page.getByText('contact rétabli.').waitFor()
  expect(await kinds()).toEqual(['fax', 'mobile'])
  await meanwhile(seen.bearer, 'DELETE', `/contacts/${id}`)
  expect(visit.blame()).toEqual([])
})

test('two people write the same contact: nobody is overwritten, and both sides are shown', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  visit.excuse(/412|404/)
  const seen = bearerOf(page)
  await visit.signIn('/contacts')
  await page.locator('.person-name a').first().waitFor()
  const made = await meanwhile<{ id: number; version: number }>(seen.bearer, 'POST', '/contacts', someone(PERSON, 'Deuxmains'))
  await visit.open(`/contacts/${made.id}`)
  await page.getByLabel('Nom', { exact: true }).fill('Ma saisie')
  await page.getByRole('textbox', { name: 'Foyer' }).fill('F-77')
  await meanwhile(seen.bearer, 'PUT', `/contacts/${made.id}`, { ...someone(PERSON, 'Leur saisie'), language: 'de' }, { 'If-Match': `"${made.version}"` })

  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await page.getByText('Quelqu’un a modifié cette fiche').waitFor()
  expect(await visit.show('person-conflict')).toEqual([])
  await page.locator('.conflict .choice', { hasText: 'Leur saisie' }).click()
  await page.getByRole('button', { name: 'Continuer avec ces choix' }).click()
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await page.getByText('Enregistré.', { exact: true }).waitFor()
  expect(await meanwhile(seen.bearer, 'GET', `/contacts/${made.id}`)).toMatchObject({ lastName: 'Leur saisie', household: 'F-77', language: 'de' })

  // Left by accident, it is asked about; deleted by somebody else, it can be brought back.
  await page.getByLabel('Prénom').fill('Zoé-Marie')
  await page.getByRole('link', { name: 'Toutes les personnes' }).click()
  await page.getByRole('button', { name: 'Rester' }).click()
  await meanwhile(seen.bearer, 'DELETE', `/contacts/${made.id}`)
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await page.getByRole('button', { name: 'Rétablir avec ma saisie' }).click()
  await page.getByText('Enregistré.', { exact: true }).waitFor()
  expect(await meanwhile(seen.bearer, 'GET', `/contacts/${made.id}`)).toMatchObject({ firstName: 'Zoé-Marie' })
  await meanwhile(seen.bearer, 'DELETE', `/contacts/${made.id}`)
  expect(visit.blame()).toEqual([])
})
