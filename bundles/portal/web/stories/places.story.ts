import { afterEach, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { DESKTOP, LOOKS, Visit } from './browser'
import { bearerOf, KEY, meanwhile } from './meanwhile'

let visit: Visit
afterEach(() => visit.end())

/** A browser without a graphics card draws in software, and remarks on it whenever a picture is taken. */
const DRAWN_IN_SOFTWARE = /GPU stall due to ReadPixels/

const map = (page: Page) => page.locator('.map[data-ready]')
const people = (page: Page) => page.locator('.head-count[aria-busy=false] .figure')
/** As counted of what is on the screen, and by nothing older. */
const counted = (page: Page, count: number) => people(page).filter({ hasText: new RegExp(`^\\s*${count}\\s`) }).waitFor()

async function press(page: Page, right: number, down: number): Promise<void> {
  await map(page).scrollIntoViewIfNeeded()
  const box = (await map(page).boundingBox())!
  await page.mouse.click(box.x + box.width * right, box.y + box.height * down)
}

test('an area is drawn by keyboard and by mouse, counted while it is drawn, saved, and meant by a launch', async () => {
  visit = await Visit.begin(DESKTOP)
  visit.excuse(DRAWN_IN_SOFTWARE)
  const { page } = visit
  const seen = bearerOf(page)
  await visit.signIn('/contacts')
  await expect.poll(() => seen.bearer, { timeout: 30_000 }).not.toBe('')
  const person = (n: number, place?: [number, number]) =>
    meanwhile<{ id: number }>(seen.bearer, 'POST', '/contacts', {
      externalId: `${KEY}-${n}`,
      lastName: `Lieu ${KEY} ${n}`,
      legalBasis: 'mission de service public',
      tags: [KEY],
      addresses: [`lieu-${KEY}-${n}@commune.example`],
      ...(place ? { place: { latitude: place[0], longitude: place[1] } } : {}),
    })
  // Far from everybody else, so that only these are in the picture: two in a triangle, one in the square it is half of, one beyond.
  await person(1, [46.002, 3.002])
  await person(2, [46.004, 3.001])
  await person(3, [46.009, 3.009])
  await person(4, [46.02, 3.02])
  const homeless = await person(5)

  await visit.open('/contacts/lists/new')
  await page.getByRole('textbox', { name: 'Nom de la liste' }).fill(`Zone ${KEY}`)
  await page.locator('.choice', { hasText: 'Sur la carte' }).click()
  await map(page).waitFor()
  await page.getByRole('combobox', { name: 'Ont toutes ces étiquettes' }).fill(`${KEY},`)

  // With the keyboard alone: the coordinates, a pair pasted as maps give it.
  for (const [n, pair] of ['46.000, 3.000', '46.010, 3.000', '46.000, 3.010'].entries()) {
    await page.getByRole('button', { name: 'Écrire un point' }).press('Enter')
    await page.getByRole('textbox', { name: `Latitude du point ${n + 1}` }).fill(pair)
    expect(await page.getByRole('textbox', { name: `Longitude du point ${n + 1}` }).inputValue()).toBe(pair.split(', ')[1])
  }
  await counted(page, 2)
  await page.getByText(/contacts? n’(a|ont) pas de lieu/).first().waitFor()
  expect(await page.locator('.unseen[role=status]').allInnerTexts()).toEqual(expect.arrayContaining([expect.stringMatching(/^2 personnes\. .*aucune zone/)]))

  // What crosses itself is said and not counted.
  await page.getByRole('textbox', { name: 'Latitude du point 3' }).fill('46.02')
  await page.getByRole('textbox', { name: 'Longitude du point 3' }).fill('3.0')
  await page.locator('.field-error', { hasText: 'se croisent ou se touchent' }).waitFor()
  expect(await page.locator('.head-count').count()).toBe(0)
  await page.getByRole('textbox', { name: 'Latitude du point 3' }).fill('46.000, 3.010')
  await counted(page, 2)

  // With the mouse: outside the longest line, which bends to it and takes the third in.
  await page.getByRole('button', { name: 'Cadrer la zone' }).click()
  await press(page, 0.8, 0.13)
  expect(await page.locator('.corner').count()).toBe(4)
  await counted(page, 3)
  expect(await visit.show('list-area')).toEqual([])

  // And from the map with the keyboard: the point under the cross, taken out again.
  await page.getByRole('region', { name: 'Carte de la zone et des personnes' }).press('Enter')
  expect(await page.locator('.corner').count()).toBe(5)

  // A corner is dragged to the middle of the triangle: the third is out again.
  await page.getByRole('button', { name: 'Tout effacer' }).click()
  for (const [n, pair] of ['46.000, 3.000', '46.010, 3.000', '46.010, 3.010', '46.000, 3.010'].entries()) {
    await page.getByRole('button', { name: 'Écrire un point' }).click()
    await page.getByRole('textbox', { name: `Latitude du point ${n + 1}` }).fill(pair)
  }
  await counted(page, 3)
  await page.getByRole('button', { name: 'Cadrer la zone' }).click()
  await map(page).scrollIntoViewIfNeeded()
  const box = (await map(page).boundingBox())!
  // The square is as high as the picture, less a margin of 48 on each side; a degree east is shorter than one north.
  const half = box.height / 2 - 48
  const [x, y] = [box.x + box.width / 2 + half * Math.cos((46.005 * Math.PI) / 180), box.y + 48]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 + 20, { steps: 5 })
  await page.mouse.up()
  await counted(page, 2)
  expect(Number(await page.getByRole('textbox', { name: 'Latitude du point 3' }).inputValue())).toBeLessThan(46.006)
  await page.getByRole('textbox', { name: 'Latitude du point 3' }).fill('46.010, 3.010')
  await counted(page, 3)

  await page.getByRole('button', { name: 'Créer la liste' }).click()
  await page.waitForURL(new RegExp(`/lists/zone-${KEY}$`))
  await counted(page, 3)
  const check = () => meanwhile<{ people: number }>(seen.bearer, 'POST', '/alerts/preview', { scenario: 'rappel-astreinte', drill: true, lists: [`zone-${KEY}`] })
  expect((await check()).people).toBe(3)

  // Somebody of whom it was not known is given a place, and is in it.
  await visit.open(`/contacts/${homeless.id}`)
  await page.getByRole('textbox', { name: 'Latitude', exact: true }).fill('46,005')
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await page.getByText('Il faut une latitude et une longitude, ou aucune des deux.').first().waitFor()
  await page.getByRole('textbox', { name: 'Longitude', exact: true }).fill('3,005')
  await page.getByRole('button', { name: 'Voir sur la carte' }).click()
  await map(page).waitFor()
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await page.getByText('Enregistré.', { exact: true }).waitFor()
  expect(await page.getByRole('textbox', { name: 'Latitude', exact: true }).inputValue()).toBe('46.005')
  expect(await visit.show('contact-place')).toEqual([])
  expect((await check()).people).toBe(4)

  // An area where nobody lives would launch nothing, and the check says why.
  await visit.open(`/contacts/lists/zone-${KEY}`)
  await page.locator('.choice', { hasText: 'Un rayon' }).click()
  await page.getByRole('textbox', { name: 'Latitude', exact: true }).fill('40.0, -30.0')
  await page.getByRole('textbox', { name: 'Rayon en mètres' }).fill('1500')
  await counted(page, 0)
  await page.getByText('Personne n’en fait partie').waitFor()
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await page.getByText('Enregistré.', { exact: true }).waitFor()
  const refused = await meanwhile<{ problems: { problem: string }[] }>(seen.bearer, 'POST', '/alerts/preview', { scenario: 'rappel-astreinte', drill: true, lists: [`zone-${KEY}`] })
  expect(refused.problems.map(({ problem }) => problem).join()).toContain('check the area')
  await meanwhile(seen.bearer, 'DELETE', `/lists/zone-${KEY}`)
  expect(visit.blame()).toEqual([])
})

describe.each(LOOKS)('in $language, $theme, on a $size', (look) => {
  test('a radius around a place, with its map', async () => {
    visit = await Visit.begin(look)
    visit.excuse(DRAWN_IN_SOFTWARE)
    await visit.signIn('/contacts/lists/autour-du-pont')
    await map(visit.page).waitFor()
    await visit.page.locator('.head-count[aria-busy=false] .without-place').waitFor()
    expect(await visit.show('list-radius')).toEqual([])
    expect(visit.blame()).toEqual([])
  })
})
