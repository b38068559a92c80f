import { afterEach, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { DESKTOP, PHONE, Visit, type Look } from './browser'

/** The smallest audience of the sample commune. */
const SLUG = 'rappel-astreinte'
const DARK: Look = { language: 'en', theme: 'dark', size: 'desktop' }

let visit: Visit
afterEach(() => visit.end())

const ready = (page: Page) => page.locator('.hold:not([aria-disabled])').waitFor()
const held = async (page: Page) => {
  await page.locator('.hold').focus()
  await page.keyboard.down('Space')
}
const onBoard = async (page: Page) => {
  await page.waitForURL(/\/alerts\/\d+$/)
  await page.keyboard.up('Space')
  return Number(/\d+$/.exec(page.url())![0])
}
const hold = async (page: Page) => {
  await ready(page)
  await held(page)
  return onBoard(page)
}

test('other lists, how long it takes, the all-clear of a drill to its own people, and each leads to the other', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  const found: string[] = []
  await visit.signIn(`/launch/${SLUG}?mode=drill`)
  await ready(page)
  const people = async () => Number((await page.locator('.check-people .figure').first().innerText()).replace(/\D/g, ''))
  const own = await people()
  await page.locator('.sequence-pace, .sequence-step', { hasText: /tout est parti en|Durée inconnue/ }).first().waitFor()

  // Nobody is no audience; other people are.
  await page.getByRole('button', { name: 'Changer les listes' }).click()
  const dialog = page.getByRole('dialog', { name: 'Qui est alerté' })
  const ticked = dialog.getByRole('checkbox', { checked: true })
  while ((await ticked.count()) > 0) await ticked.first().uncheck()
  await dialog.getByText('Aucune liste choisie').waitFor()
  await dialog.getByLabel('Cellule de crise communale (PCS)').check()
  found.push(...(await visit.show('launch-lists')))
  await dialog.getByRole('button', { name: 'C’est bon' }).click()
  await page.getByText('Listes choisies pour ce lancement').waitFor()
  await expect.poll(people).toBeLessThan(own)
  await ready(page)
  found.push(...(await visit.show('launch-other-lists')))
  await page.getByRole('button', { name: 'Revenir aux listes du scénario' }).click()
  await expect.poll(people).toBe(own)

  const first = await hold(page)
  await page.locator('.legend-item[data-state=ANSWERED] .legend-figure:not(:text-is("0"))').waitFor({ timeout: 90_000 })
  await page.locator('.board-columns').getByText(/^Depuis le lancement \(/).waitFor()

  await page.getByRole('link', { name: 'Annoncer la fin d’alerte' }).click()
  await page.getByText('L’alerte en cours s’arrête').waitFor()
  expect(await page.title()).toMatch(/^EXERCICE · /)
  const text = page.locator('textarea').first()
  await expect.poll(() => text.inputValue()).toMatch(/l'alerte est levée\.$/)
  await page.locator('.choice', { hasText: 'toutes ses personnes' }).click()
  await text.fill('Le rappel est terminé, merci à tous.')
  await page.locator('.text blockquote', { hasText: /^EXERCICE - FIN D'ALERTE - Le rappel est terminé/ }).waitFor()
  await ready(page)
  found.push(...(await visit.show('follow-up-all-clear')))
  const second = await hold(page)
  expect(second).toBeGreaterThan(first)

  await page.getByRole('link', { name: /Fin de l’alerte/ }).click()
  await page.waitForURL(new RegExp(`/alerts/${first}$`))
  await page.locator('.band-state', { hasText: 'Annulée' }).waitFor()
  await page.getByRole('link', { name: /Fin d’alerte envoyée/ }).waitFor()
  found.push(...(await visit.show('board-followed')))
  await visit.open(`/reports/${first}`)
  await page.getByRole('link', { name: /Fin d’alerte envoyée/ }).waitFor()

  // Both are in the list, told apart by a word, and found by it.
  await visit.open('/alerts')
  const rows = page.locator('.alert-row')
  await rows.filter({ has: page.locator('.kin-tag', { hasText: 'Fin d’alerte' }) }).filter({ hasText: 'Fait suite à' }).first().waitFor()
  await rows.filter({ hasText: 'suivie d’une fin d’alerte' }).first().waitFor()
  found.push(...(await visit.show('alerts-kinds')))
  await page.getByRole('button', { name: 'Corrections et fins d’alerte' }).click()
  await page.locator('.rows[aria-busy=false]').waitFor()
  expect(await rows.count()).toBe(await page.locator('.alert-row .kin-tag').count())
  await page.getByRole('button', { name: 'Essais' }).click()
  await expect.poll(() => page.locator('.kin-tag', { hasText: 'Fin d’alerte' }).count()).toBe(0)

  // Nobody hears twice that it is over.
  await visit.open(`/alerts/${first}/follow-up/all-clear`)
  await page.locator('.choice', { hasText: 'toutes ses personnes' }).click()
  await page.locator('#launch-problems', { hasText: 'est déjà annoncée' }).waitFor()
  await page.locator('.hold[aria-disabled]').waitFor()
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})

test.each([DARK, PHONE])('a correction must say something else: $language, $theme, $size', async (look) => {
  visit = await Visit.begin(look)
  const { page } = visit
  const english = look.language === 'en'
  const found: string[] = []
  await visit.signIn(`/launch/${SLUG}?mode=live`)
  await hold(page)
  await page.getByRole('link', { name: english ? 'Correct it' : 'Corriger' }).click()
  await page.locator('.choice', { hasText: english ? 'All of its people' : 'toutes ses personnes' }).click()
  await page.locator('#launch-problems').waitFor()
  await page.getByText(english ? /says what the alert said/ : /dit la même chose que l’alerte/).first().waitFor()
  found.push(...(await visit.show('follow-up-correction')))
  const languages = page.getByRole('group', { name: english ? 'Language of the text' : 'Langue du texte' }).getByRole('button')
  const fill = () => page.locator('.follow-up-words textarea').fill(english ? 'Meet at the gymnasium.' : 'Rendez-vous au gymnase.')
  for (const language of await languages.all()) {
    await language.click()
    await fill()
  }
  if ((await languages.count()) === 0) await fill()
  await hold(page)
  await page.getByRole('link', { name: english ? /Correction of the alert/ : /Correction de l’alerte/ }).waitFor()
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})
