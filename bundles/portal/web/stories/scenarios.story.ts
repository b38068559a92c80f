import { afterEach, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { DESKTOP, LOOKS, NODE, PASSWORD, pressed, TENANT, Visit } from './browser'
import { Line } from './line'

const visits: Visit[] = []
const begin = async (...how: Parameters<typeof Visit.begin>): Promise<Visit> => {
  const visit = await Visit.begin(...how)
  visits.push(visit)
  return visit
}
afterEach(async () => {
  await Promise.all(visits.splice(0).map((visit) => visit.end()))
})

/** What takes a while on a busy machine is waited for. */
const poll = <T>(ask: () => Promise<T>) => expect.poll(ask, { timeout: 60_000 })
const checked = (page: Page) => page.locator('.editor-bar-check[aria-busy=false]:not([data-tone=plain])').waitFor()
const tab = (page: Page, name: RegExp) => page.getByRole('tab', { name }).click()

/** The bearer of the page's own requests. */
const bearerOf = (page: Page) => {
  const seen = { bearer: '' }
  page.on('request', (request) => {
    seen.bearer = request.headers()['authorization'] ?? seen.bearer
  })
  return seen
}

/** The bearer that the page sends at this very moment: it is renewed now and then. */
const bearerNow = async (page: Page, slug: string): Promise<string> => {
  const asked = page.waitForRequest((request) => request.url().endsWith(`/scenarios/${slug}/check`))
  const area = page.getByLabel('Texte · SMS')
  await area.fill(`${await area.inputValue()}.`)
  return (await asked).headers()['authorization'] ?? ''
}

/** Nothing is left for the other stories: what was made here is withdrawn. */
const withdraw = async (bearer: string, slug: string) => {
  await fetch(`${NODE}/api/v1/tenants/${TENANT}/scenarios/${slug}`, { method: 'DELETE', headers: { Authorization: bearer } })
}

/** Slugs are never given twice: neither are those of two runs. */
const unique = () => Date.now().toString(36)

describe.each(LOOKS)('in $language, $theme, on a $size', (look) => {
  test('every part of a scenario can be read by everybody', async () => {
    const visit = await begin(look)
    const { page } = visit
    const found: string[] = []
    await visit.signIn('/scenarios')
    await page.locator('.scenario-row-state .tone:not([data-tone=plain])').nth(2).waitFor()
    found.push(...(await visit.show('scenarios')))

    await page.locator('.scenario-row-link', { hasText: 'Inondation' }).click()
    await checked(page)
    found.push(...(await visit.show('scenario-plan')))
    for (const part of ['answers', 'sms', 'voice', 'mail']) {
      await page.locator(`[role=tab][data-key=${part}]`).click()
      await page.locator('.editor-panel h2').first().waitFor()
      await checked(page)
      found.push(...(await visit.show(`scenario-${part}`)))
    }

    await page.locator('.editor-ways a').click()
    await page.locator('.version').first().waitFor()
    found.push(...(await visit.show('scenario-versions')))
    expect(found).toEqual([])
    expect(visit.blame()).toEqual([])
  })
})

test('by keyboard alone, from nothing to a scenario that would leave; what is pasted is shown for what it is', async () => {
  const visit = await begin({ ...DESKTOP, language: 'en' })
  const { page } = visit
  const seen = bearerOf(page)
  const name = `Fire <b>drill</b> ${unique()}`
  await visit.signIn('/scenarios')
  await page.getByRole('button', { name: 'New scenario' }).press('Enter')
  await page.keyboard.press('Enter')
  await page.getByText('Give it a name.').waitFor()
  const found = await visit.show('scenario-new')
  await page.keyboard.type(name)
  await page.keyboard.press('Enter')
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  await page.waitForURL(new RegExp(`/scenarios/${slug}`))
  try {
    // What is missing is said, and pressing it leads there.
    await page.getByRole('button', { name: /stop(s)? it from being saved/ }).press('Enter')
    const area = page.getByLabel('Text · SMS')
    await poll(() => area.evaluate((each) => each === document.activeElement)).toBe(true)
    await page.keyboard.type('Fire at {{plce}}, leave now — l\u2019été')
    await page.locator('.place[data-kind=unknown]').waitFor()
    await area.evaluate((each: HTMLTextAreaElement) => {
      each.focus()
      document.execCommand('insertText', false, ' \u001b\u0007safe \u202Eevac \u{1F525}')
    })
    await page.getByText('2 invisible characters taken out of the pasted text.').waitFor()
    await page.getByText('1 invisible mark in this text.').waitFor()
    expect(await page.locator('.glyph bdi').allInnerTexts()).toContain('🔥')
    found.push(...(await visit.show('scenario-pasted')))
    await page.getByRole('button', { name: 'Take them out' }).press('Enter')
    await page.getByRole('button', { name: 'Write all in the GSM alphabet' }).press('Enter')
    await page.locator('.sms-undo').waitFor()
    expect(await area.inputValue()).toBe("Fire at {{plce}}, leave now - l'été safe evac ")
    await page.getByRole('button', { name: 'Back to the text before' }).press('Enter')
    expect(await area.inputValue()).toContain('🔥')
    await page.getByRole('button', { name: 'Write all in the GSM alphabet' }).press('Enter')
    await page.getByRole('button', { name: 'Declare it' }).press('Enter')

    await page.getByRole('tab', { name: 'SMS' }).focus()
    await page.keyboard.press('Home')
    await page.getByLabel('{{plce}}').fill('the market hall')
    await page.getByRole('checkbox', { name: /Agents d'astreinte/ }).press('Space')
    await page.getByRole('button', { name: 'Add a step' }).press('Enter')
    const second = page.locator('.cascade-step').nth(1)
    await second.getByLabel('Step 2: by').selectOption('mail')
    await second.getByRole('button', { name: /Earlier/ }).press('Enter')
    await poll(() => page.getByLabel('Step 1: by').inputValue()).toBe('mail')
    await page.getByRole('tab', { name: /E-mail|Mail/ }).press('Enter')
    await page.getByLabel('Subject').fill('<script>alert(1)</script> fire')
    await page.getByLabel('Text · E-mail').fill('{{name}}: leave by the north gate.')
    await page.getByText('Layout (HTML)').press('Enter')
    await page.getByLabel('Text with layout').fill('<p onclick="alert(1)">Leave <strong>now</strong></p><img src="https://foreign.example/x.png" onerror="alert(1)"><script>alert(1)</script>')
    await page.locator('.mail-body-html strong').waitFor()
    expect(await page.locator('.mail-body-html [onclick], .mail-body-html img, .mail-body-html script').count()).toBe(0)
    await checked(page)
    found.push(...(await visit.show('scenario-mail-html')))

    await page.getByRole('button', { name: 'Save' }).press('Enter')
    await page.getByText('Saved: version 1.').waitFor()
    // A reload finds what was saved, and begins nothing.
    await page.reload()
    await page.getByText('All is saved.').waitFor()
    expect(page.url()).not.toContain('fresh')
    await page.getByRole('link', { name: 'Scenarios' }).first().press('Enter')
    await page.locator('.scenario-row', { hasText: name }).getByText(/Would leave now: \d/).waitFor()
    expect(found).toEqual([])
    expect(visit.blame()).toEqual([])
  } finally {
    await withdraw(seen.bearer, slug)
  }
})

test('two people, one scenario: nothing is overwritten, nothing is lost, whatever breaks meanwhile', async () => {
  const line = await Line.open()
  const [first, second] = [await begin(DESKTOP, line.url), await begin({ ...DESKTOP, theme: 'dark' })]
  first.excuse(/ERR_|Failed to load resource|412|401/)
  const seen = bearerOf(second.page)
  const name = `Deux mains ${unique()}`
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  try {
    // The second makes a copy of a real one and saves it; both then have it open.
    await second.signIn('/scenarios')
    await second.page.getByRole('button', { name: /Dupliquer : Rappel/ }).click()
    await second.page.getByLabel('Nom').fill(name)
    await second.page.getByRole('button', { name: 'Commencer' }).click()
    await second.page.waitForURL(new RegExp(`/scenarios/${slug}`))
    await second.page.getByRole('button', { name: 'Enregistrer' }).click()
    await second.page.getByText('Enregistré : version 1.').waitFor()

    await first.signIn(`/scenarios/${slug}`)
    await tab(first.page, /SMS/)
    const mine = first.page.getByLabel('Texte · SMS')
    await mine.fill('Rappel : venez au centre technique. Motif : {{motif}}')
    await tab(second.page, /SMS/)
    await second.page.getByLabel('Texte · SMS').fill('Rappel urgent : rejoignez la mairie. Motif : {{motif}}')
    await tab(second.page, /Plan/)
    await second.page.getByLabel('Nom').fill(`${name} bis`)
    await second.page.getByRole('button', { name: 'Enregistrer' }).click()
    await second.page.getByText('Enregistré : version 2.').waitFor()

    // A reload in the middle loses nothing.
    await first.page.reload()
    await first.page.getByText(/Votre saisie commencée .* est revenue/).waitFor()
    await first.page.getByText(/Entre-temps, la version 2 a été enregistrée/).waitFor()
    await tab(first.page, /SMS/)
    expect(await mine.inputValue()).toContain('centre technique')

    await first.page.getByRole('button', { name: 'Enregistrer' }).click()
    const dialog = first.page.getByRole('alertdialog')
    await dialog.getByText('Vous avez enregistré la version 2 ailleurs').waitFor()
    await dialog.getByText(/1 autre changement est repris/).waitFor()
    const found = await first.show('scenario-conflict')
    await dialog.getByRole('radio', { name: /Ma version/ }).check({ force: true })
    await dialog.getByRole('button', { name: 'Réunir les deux' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect(await first.page.locator('h1').innerText()).toBe(`${name} bis`)
    expect(await mine.inputValue()).toContain('centre technique')

    // The server is away: it is kept, said, and tried again by itself.
    line.cut()
    await first.page.context().setOffline(true)
    await first.page.getByRole('button', { name: 'Enregistrer' }).click()
    await first.page.getByText('Gardé sur ce poste. Un nouvel essai se fait tout seul.').waitFor()
    found.push(...(await first.show('scenario-offline')))
    await first.page.context().setOffline(false)
    await first.page.getByText('Enregistré : version 3.').waitFor()

    // The session ends under their hands: they sign in over the page, and the save goes on.
    await mine.fill('Rappel : venez tous au centre technique. Motif : {{motif}}')
    await checked(first.page)
    await fetch(`${NODE}/api/v1/sessions/current`, { method: 'DELETE', headers: { Authorization: await bearerNow(first.page, slug) } })
    const save = first.page.getByRole('button', { name: 'Enregistrer' })
    const saved = await pressed(save)
    const again = first.page.getByRole('dialog', { name: 'Votre session est terminée' })
    await again.locator('input[type=password]').fill(PASSWORD)
    await again.getByRole('button', { name: 'Se connecter' }).click()
    if (!saved) await save.click()
    await first.page.getByText('Enregistré : version 4.').waitFor()

    // What each version changed, and the way back.
    await first.page.getByRole('link', { name: 'Versions' }).click()
    await first.page.locator('.change ins', { hasText: 'tous' }).waitFor()
    await first.page.locator('.version', { hasText: 'Version 3' }).click()
    await first.page.locator('.change del').first().waitFor()
    found.push(...(await first.show('scenario-changes')))
    await first.page.locator('.version', { hasText: 'Version 1' }).click()
    await first.page.getByRole('button', { name: 'Reprendre la version 1' }).click()
    await poll(() => first.page.locator('h1').innerText()).toBe(name)
    await first.page.getByRole('button', { name: 'Enregistrer' }).click()
    await first.page.getByText('Enregistré : version 5.').waitFor()
    expect(found).toEqual([])
    expect([...first.blame(), ...second.blame()]).toEqual([])
  } finally {
    await withdraw(seen.bearer, slug)
    await line.close()
  }
})

test('tried on oneself: an exercise for one, and for nobody until they say who they are', async () => {
  const visit = await begin(DESKTOP)
  const { page } = visit
  await visit.signIn('/scenarios/rappel-astreinte')
  await page.getByRole('button', { name: 'Essayer sur moi' }).click()
  const dialog = page.getByRole('dialog', { name: 'Essayer sur moi' })
  // Another run may have said it already.
  await dialog.locator('.trial-me, input[type=search]').first().waitFor()
  if (await dialog.locator('.trial-me').count()) await dialog.getByRole('button', { name: 'Ce n’est pas moi' }).click()
  await dialog.locator('input[type=search]').fill('Vautherin')
  await dialog.locator('.row').first().waitFor()
  const found = await visit.show('scenario-who-am-i')
  await dialog.getByRole('button', { name: /C’est moi/ }).first().click()
  await dialog.locator('.trial-me').waitFor()
  for (const value of await dialog.locator('input').all()) await value.fill('essai')
  found.push(...(await visit.show('scenario-try')))
  await dialog.getByRole('button', { name: 'Me l’envoyer' }).click()
  await dialog.getByText('Parti : regardez vos messages.').waitFor()
  await dialog.getByRole('link', { name: 'Suivre l’essai' }).click()
  await page.locator('.band[data-mode=drill]').waitFor()
  expect(await page.locator('.figure-of').innerText()).toMatch(/\b1\b/)
  // It has done what it is for: nothing runs on under the other stories.
  await page.getByRole('button', { name: 'Annuler l’alerte' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Oui, annuler' }).click()
  await page.locator('.band-state', { hasText: 'Annulée' }).waitFor()
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})

test('a voice is recorded, heard and kept; a document is brought and printed; another language is written beside', async () => {
  const visit = await begin({ ...DESKTOP, theme: 'dark' })
  const { page } = visit
  const seen = bearerOf(page)
  const name = `Voix et papier ${unique()}`
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  const [sound, document] = [`maire-${unique()}`, `plan-${unique()}`]
  const drop = (kind: string, each: string) =>
    fetch(`${NODE}/api/v1/tenants/${TENANT}/${kind}/${each}`, { method: 'DELETE', headers: { Authorization: seen.bearer } })
  await page.context().grantPermissions(['microphone'])
  await visit.signIn('/scenarios')
  try {
    const made = await fetch(`${NODE}/api/v1/tenants/${TENANT}/scenarios/${slug}`, {
      method: 'PUT',
      headers: { Authorization: seen.bearer, 'Content-Type': 'application/json', 'If-Match': '"0"' },
      body: JSON.stringify({
        name,
        category: 'operational',
        lists: ['astreinte'],
        cascade: [
          { channel: 'voice', patience: 'PT5M' },
          { channel: 'fax', patience: 'PT5M' },
        ],
        'fallback-language': 'fr',
        messages: { fr: { voice: { text: 'Ceci est un message de la mairie.' }, fax: { text: 'Voyez le plan.' } } },
      }),
    })
    expect(made.status).toBe(200)
    await visit.open(`/scenarios/${slug}`)
    await tab(page, /Appel vocal/)
    await page.getByRole('button', { name: 'Écouter', exact: true }).click()
    await page.locator('audio').waitFor()
    await page.getByRole('button', { name: 'Enregistrer au micro' }).click()
    await page.getByRole('timer').filter({ hasText: '00:02' }).waitFor()
    await page.getByRole('button', { name: 'Arrêter l’enregistrement' }).click()
    await page.getByLabel('Nom du son').fill(sound)
    const found = await visit.show('scenario-recorded')
    await page.getByRole('button', { name: 'Garder et insérer' }).click()
    await poll(() => page.getByLabel('Texte · Appel vocal').inputValue()).toContain(`{{recording.${sound}}}`)
    await page.getByRole('button', { name: `Écouter : ${sound}` }).click()
    await page.locator('audio').waitFor()

    await tab(page, /Télécopie/)
    await page.locator('input[type=file]').setInputFiles({ name: 'no.pdf', mimeType: 'application/pdf', buffer: Buffer.from('no PDF at all') })
    await page.locator('.fax .notice-bad').waitFor()
    await page.locator('input[type=file]').setInputFiles({ name: `${document}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from(onePage()) })
    await poll(() => page.getByLabel('Texte · Télécopie').inputValue()).toContain(`{{document.${document}}}`)
    await page.getByText(`{{document.${document}}} · 1 p.`).waitFor()
    found.push(...(await visit.show('scenario-fax')))

    await tab(page, /Plan/)
    await page.getByLabel('Ajouter une langue').selectOption('en')
    await page.getByText('Manque : Appel vocal, Télécopie.').waitFor()
    await tab(page, /Appel vocal/)
    await page.getByText('ces personnes reçoivent le texte').waitFor()
    found.push(...(await visit.show('scenario-untranslated')))
    await page.getByRole('button', { name: 'Écrire : Anglais' }).click()
    await page.getByLabel('Texte · Appel vocal').nth(1).fill('This is a message of the town hall.')
    await checked(page)
    await page.getByRole('button', { name: 'Enregistrer', exact: true }).click()
    await page.getByText('Enregistré : version 2.').waitFor()

    await page.getByRole('button', { name: 'Retirer', exact: true }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Retirer' }).click()
    await page.waitForURL(/\/scenarios$/)
    await poll(() => page.locator('.scenario-row', { hasText: name }).count()).toBe(0)
    visit.excuse(/400|415|422/)
    expect(found).toEqual([])
    expect(visit.blame()).toEqual([])
  } finally {
    await withdraw(seen.bearer, slug)
    await drop('recordings', sound)
    await drop('documents', document)
  }
})

/** A PDF of one empty page. */
function onePage(): string {
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>']
  let pdf = '%PDF-1.4\n'
  const starts = objects.map((object, index) => {
    const start = pdf.length
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`
    return start
  })
  const table = starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('')
  return `${pdf}xref\n0 4\n0000000000 65535 f \n${table}trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n${pdf.length}\n%%EOF\n`
}

test('who only reads sees all of it, is asked for nothing and refused nothing', async () => {
  const visit = await begin({ ...DESKTOP, language: 'en' })
  const { page } = visit
  const seen = bearerOf(page)
  await visit.signIn('/scenarios')
  await page.locator('.scenario-row-link').first().waitFor()
  const login = `reader-${unique()}@saint-aurel`
  const made = await fetch(`${NODE}/api/v1/tenants/${TENANT}/users`, {
    method: 'POST',
    headers: { Authorization: seen.bearer, 'Content-Type': 'application/json' },
    body: JSON.stringify({ login, name: 'Reader', roles: ['supervisor'], password: PASSWORD }),
  })
  expect(made.status).toBe(201)
  await page.locator('.bar-account').click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.locator('input[name=username]').fill(login)
  await page.locator('input[name=password]').fill(PASSWORD)
  await page.locator('button[type=submit]').click()
  await page.locator('.bar').waitFor()
  await visit.open('/scenarios/inondation')
  await page.getByText('Read only.').waitFor()
  expect(await page.getByLabel('Name', { exact: true }).getAttribute('readonly')).not.toBeNull()
  const found = await visit.show('scenario-read')
  await tab(page, /SMS/)
  await page.getByRole('button', { name: 'Portuguese' }).click()
  await page.getByText('INUNDACAO Saint-Aurel').first().waitFor()
  expect(await page.getByRole('button', { name: /Save|Write|Discard|Withdraw|Remove/ }).count()).toBe(0)
  await page.getByRole('link', { name: 'Versions' }).click()
  await page.locator('.version').first().waitFor()
  expect(await page.getByRole('button', { name: /Take version/ }).count()).toBe(0)
  expect(found).toEqual([])
  expect(visit.blame()).toEqual([])
})
