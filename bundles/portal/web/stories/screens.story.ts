import { afterEach, describe, expect, test } from 'vitest'
import { LOOKS, Visit } from './browser'

/** Every screen in both languages, both themes and both sizes: seen, and without a fault that axe can find. */
describe.each(LOOKS)('in $language, $theme, on a $size', (look) => {
  let visit: Visit
  afterEach(() => visit.end())

  test('each screen can be read by everybody', async () => {
    visit = await Visit.begin(look)
    const { page } = visit
    const found: string[] = []

    await visit.open()
    await page.locator('button[type=submit]').click()
    await page.locator('.field-error').first().waitFor()
    found.push(...(await visit.show('sign-in')))

    await visit.signIn()
    await page.locator('.verdict-sign[data-tone=good], .verdict-sign[data-tone=warn]').nth(0).waitFor()
    await page.locator('.home-ready .verdict-sign:not([data-tone=plain])').waitFor()
    found.push(...(await visit.show('home')))

    await page.locator('.bar-account').click()
    await page.locator('.menu').waitFor()
    found.push(...(await visit.show('menu')))
    await page.keyboard.press('Escape')

    await page.locator('.bar-launch').click()
    await page.locator('.scenario-card').first().waitFor()
    found.push(...(await visit.show('launch-1-choose')))

    await page.locator('.scenario-card', { hasText: 'Inondation' }).click()
    await page.locator('.mode-choices').waitFor()
    found.push(...(await visit.show('launch-2-mode')))

    for (const mode of ['drill', 'live']) {
      await page.locator(`.choice[data-mode=${mode}]`).click()
      await page.locator(`html[data-mode=${mode}]`).waitFor()
      await page.locator('.hold:not([aria-disabled])').waitFor()
      found.push(...(await visit.show(`launch-3-check-${mode}`)))
    }

    // On a telephone the launch has the screen for itself: the way out leads home.
    await page.locator('.bar-home').click()
    await page.locator('.bar-link', { hasText: look.language === 'fr' ? 'Alertes' : 'Alerts' }).click()
    await page.locator('.alert-row').first().waitFor()
    found.push(...(await visit.show('alerts')))

    await page.locator('.alert-row', { hasText: 'Inondation' }).first().click()
    await page.locator('.people-table tbody tr').first().waitFor()
    await page.locator('.connection[data-connection=live], .connection[data-connection=ended]').waitFor()
    found.push(...(await visit.show('board')))

    await page.locator('.link-button').first().click()
    await page.locator('.history-row').first().waitFor()
    found.push(...(await visit.show('board-person')))

    // The platform itself is in trouble: said above every screen, and no longer once it is over.
    const conditions = ['no-primary', 'clock-skew'].map((code) => ({ code, since: new Date().toISOString(), words: '', stillWorks: '' }))
    await page.route('**/api/v1/state', (route) => route.fulfill({ json: { conditions } }))
    await page.locator('.platform-grave').waitFor()
    found.push(...(await visit.show('platform')))
    await page.unroute('**/api/v1/state')
    await page.locator('.platform-one').first().waitFor({ state: 'detached' })

    await visit.open('/nowhere')
    await page.locator('h1').waitFor()
    found.push(...(await visit.show('lost')))

    expect(found).toEqual([])
    expect(visit.blame()).toEqual([])
  })
})
