import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { DESKTOP, LOOKS, NODE, PASSWORD, pressed, TENANT, Visit } from './browser'
import { Line } from './line'
import { bearerOf, KEY, meanwhile } from './meanwhile'

let visit: Visit
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-import-'))
})
afterEach(() => visit.end())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** As a town hall's spreadsheet saves it: Windows-1252, semicolons, numbers as people write them, two rows that are wrong. */
const ROWS = [
  'Réf;Nom;Prénom;Portable;Courriel;Quartier;Étiquettes',
  'PORT-1;Hébert;Zoë;06 39 98 76 01;zoe@commune.example;Granges;',
  'PORT-2;<b>Garçon</b>;=1+1;06.39.98.76.02;;Bourg;',
  'PORT-3;Sans;Numéro;12;;;',
  'PORT-4;Nicod;Éloi;+33 6 39 98 76 04;pas une adresse;Bourg;',
]
function file(name: string, rows = ROWS): string {
  const path = join(folder, name)
  writeFileSync(path, Buffer.from(`${rows.join('\r\n')}\r\n`, 'latin1'))
  return path
}
const choose = (page: Page, path: string) => page.locator('input[type=file]').setInputFiles(path)
const over = (page: Page) => page.locator('.run-counts').waitFor()
const figure = async (page: Page, count: string) => page.locator(`.run-counts [data-count=${count}] .run-figure`).innerText()

describe.each(LOOKS)('in $language, $theme, on a $size', (look) => {
  test('a file is looked at, mapped and tried, and nothing is changed', async () => {
    visit = await Visit.begin(look)
    const { page } = visit
    const found: string[] = []
    await visit.signIn('/contacts/import')
    await page.locator('.drop').waitFor()
    found.push(...(await visit.show('import-1-file')))
    await choose(page, file('Habitants 2026.csv'))
    await page.locator('.column').first().waitFor()
    expect(await page.locator('.file-facts').innerText()).toMatch(/windows-1252/i)
    found.push(...(await visit.show('import-2-columns')))
    await page.locator('.save-bar .button-primary').click()
    await over(page)
    await page.locator('.errors-table tbody tr').first().waitFor()
    expect(await figure(page, 'added')).toBe('3')
    expect(await figure(page, 'rejected')).toBe('1')
    found.push(...(await visit.show('import-3-trial')))
    await page.locator('.room-link').last().click()
    await page.locator('.import-row').first().waitFor()
    found.push(...(await visit.show('imports')))
    expect(found).toEqual([])
    expect(visit.blame()).toEqual([])
  })
})

test('300 MB are refused before a byte is sent, and so is what is empty; what is no table is refused with the reason', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  let sent = 0
  page.on('request', (request) => (sent += request.url().includes('/inspection') ? 1 : 0))
  await visit.signIn('/contacts/import')
  await page.getByText('au plus').waitFor()
  const huge = file('enorme.csv')
  truncateSync(huge, 300 * 1024 * 1024)
  // A hole in a file system: three hundred megabytes that are nowhere.
  await choose(page, huge)
  await page.getByText('Ce fichier pèse 300 Mo ; la limite est de 100 Mo.').waitFor()
  expect(await visit.show('import-1-large')).toEqual([])
  truncateSync(huge, 0)
  await choose(page, huge)
  await page.getByText('Ce fichier est vide.').waitFor()
  expect(sent).toBe(0)
  visit.excuse(/422|400/)
  const pdf = join(folder, 'plan.csv')
  writeFileSync(pdf, '%PDF-1.7 rien de lisible')
  await choose(page, pdf)
  await page.locator('.notice-bad', { hasText: 'PDF' }).waitFor()
  await choose(page, join(import.meta.dirname, '../../../../tenants/valchimie-montferrou/contacts/personnel.xlsx'))
  await page.getByText('Classeur Excel').waitFor()
  expect(visit.blame()).toEqual([])
})

test('the line breaks and the session ends while a file is mapped: nothing said is lost', async () => {
  const line = await Line.open()
  try {
    visit = await Visit.begin(DESKTOP, line.url)
    const { page } = visit
    visit.excuse(/ERR_|Failed to load resource|401/)
    const seen = bearerOf(page)
    await visit.signIn('/contacts/import')
    await choose(page, file('ligne.csv'))
    await page.locator('.column').first().waitFor()
    await page.getByLabel('La colonne « Quartier » devient').selectOption('household')
    await page.getByLabel('Nom de cette source').fill('essai-portail')
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Essayer sans rien changer' }).click()
    await page.getByText('La connexion a été coupée pendant l’envoi.').waitFor()
    expect(await visit.show('import-2-offline')).toEqual([])
    await page.context().setOffline(false)
    expect(await page.getByLabel('La colonne « Quartier » devient').inputValue()).toBe('household')

    await fetch(`${NODE}/api/v1/sessions/current`, { method: 'DELETE', headers: { Authorization: seen.bearer } })
    // Who finds out first is the file, or what the page looks at by itself every few seconds: then the dialog lies over the button.
    const again = page.getByRole('button', { name: 'Envoyer de nouveau' })
    await pressed(again)
    const dialog = page.getByRole('dialog', { name: 'Votre session est terminée' })
    await dialog.locator('input[type=password]').fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Se connecter' }).click()
    // Sent by itself once one is in again, or by the button if the dialog came first.
    await page.locator('.run-counts').or(again).first().waitFor()
    await expect
      .poll(
        async () => {
          if (await again.isVisible()) await pressed(again)
          return page.locator('.run-counts').isVisible()
        },
        { timeout: 60_000 },
      )
      .toBe(true)
    const trial = page.url()

    // Found again by its address; the file is asked for again, the rest is remembered.
    await page.reload()
    await over(page)
    await page.getByRole('button', { name: 'Importer pour de bon' }).click()
    await choose(page, file('autre.csv', [...ROWS, 'PORT-9;Neuf;;06 39 98 76 09;;;']))
    await page.getByText('Ce n’est pas le fichier essayé').waitFor()
    expect(page.url()).toBe(trial)
    expect(visit.blame()).toEqual([])
  } finally {
    await line.close()
  }
})

/** So many bytes a second leave, as from a village at the end of a line. */
async function slowly(page: Page, bytesPerSecond: number) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond })
}

test('a large file on a slow line: how far it is is shown, it is cut, stopped and sent again, and the server keeps nothing of a part', async () => {
  const line = await Line.open()
  try {
    visit = await Visit.begin(DESKTOP, line.url)
    const { page } = visit
    visit.excuse(/ERR_|Failed to load resource/)
    const seen = bearerOf(page)
    const found: string[] = []
    const people = Array.from({ length: 40_000 }, (_, n) => `PORT-G${n};Grand;Nombre;06 39 98 ${String(10 + (n % 90))} ${String(10 + (Math.floor(n / 90) % 90))};;Bourg;`)
    const large = file('grand fichier.csv', [ROWS[0]!, ...people])
    await visit.signIn('/contacts/import')
    await page.locator('.drop').waitFor()
    await slowly(page, 100_000)
    await choose(page, large)
    const bar = page.getByRole('progressbar')
    const share = async () => Number(await bar.getAttribute('value')) / Number(await bar.getAttribute('max'))
    await expect.poll(share, { timeout: 60_000 }).toBeGreaterThan(0.25)
    await page.locator('.upload [role=status]', { hasText: /Envoyé à (25|50|75) %/ }).waitFor({ state: 'attached' })
    found.push(...(await visit.show('upload-on-its-way')))
    await line.leave()
    await page.getByText('La connexion a été coupée pendant l’envoi.').waitFor()
    found.push(...(await visit.show('upload-cut')))
    await line.comeBack()
    await slowly(page, -1)
    await page.getByRole('button', { name: 'Envoyer de nouveau' }).click()
    await page.locator('.column').first().waitFor()

    const runs = async () => (await meanwhile<{ items: { fileName: string }[] }>(seen.bearer, 'GET', '/imports')).items.filter(({ fileName }) => fileName === 'grand fichier.csv').length
    const before = await runs()
    await slowly(page, 100_000)
    await page.getByRole('button', { name: 'Essayer sans rien changer' }).click()
    await expect.poll(share, { timeout: 60_000 }).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Arrêter l’envoi' }).click()
    await page.getByText('Envoi arrêté.').waitFor()
    found.push(...(await visit.show('upload-stopped')))
    expect(await runs()).toBe(before)
    await slowly(page, -1)
    await page.getByRole('button', { name: 'Envoyer de nouveau' }).click()
    await over(page)
    expect(await runs()).toBe(before + 1)

    // Half of it, then nobody: at each door that takes a file.
    for (const [method, path, type] of [
      ['PUT', '/recordings/moitie', 'audio/wav'],
      ['PUT', '/documents/moitie', 'application/pdf'],
      ['POST', '/imports?fileName=grand%20fichier.csv&source=moitie&legalBasis=essai&dryRun=true', 'application/octet-stream'],
    ] as const) {
      await halfOf(seen.bearer, method, path, type, readFileSync(large))
      const list = await meanwhile<{ items: { slug?: string; source?: string }[] }>(seen.bearer, 'GET', path.replace(/(\/moitie|\?.*)$/, ''))
      expect(list.items.filter(({ slug, source }) => slug === 'moitie' || source === 'moitie')).toEqual([])
    }
    expect(found).toEqual([])
    expect(visit.blame()).toEqual([])
  } finally {
    await line.close()
  }
})

/** Says how long the whole is, sends half, and leaves. */
function halfOf(bearer: string, method: string, path: string, type: string, whole: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const sending = request(`${NODE}/api/v1/tenants/${TENANT}${path}`, { method, headers: { Authorization: bearer, 'Content-Type': type, 'Content-Length': whole.length } })
    sending.on('error', () => undefined)
    sending.on('close', resolve)
    sending.write(whole.subarray(0, whole.length / 2), () => sending.destroy())
  })
}

test('the clerk: a file, a list, a drill, the board, and the import undone', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  const seen = bearerOf(page)
  await visit.signIn()
  await page.getByRole('link', { name: 'Contacts' }).click()
  await page.getByRole('link', { name: 'Importer un fichier' }).click()
  await choose(page, file('renforts.csv'))
  await page.locator('.column').first().waitFor()
  await page.getByLabel('Nom de cette source').fill('essai-portail')
  for (const tag of ['agent', 'astreinte', 'essai-portail']) {
    await page.getByRole('combobox', { name: 'Étiquettes pour tous' }).fill(tag)
    await page.getByRole('combobox', { name: 'Étiquettes pour tous' }).press('Enter')
  }
  await page.getByRole('button', { name: 'Essayer sans rien changer' }).click()
  await over(page)
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Télécharger les erreurs' }).click()
  expect((await saved).suggestedFilename()).toMatch(/^renforts-\d+\.csv$/)
  await page.getByRole('button', { name: 'Importer pour de bon' }).click()
  await page.getByText('Import terminé.').first().waitFor()
  expect(await figure(page, 'added')).toBe('3')
  const run = /\d+$/.exec(page.url())![0]
  expect(await visit.show('import-4-done')).toEqual([])

  await page.getByRole('link', { name: 'Voir les personnes' }).click()
  await page.locator('.person-name a', { hasText: '<b>Garçon</b>' }).waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'Faire une liste de ces personnes' }).click()
  await page.getByRole('textbox', { name: 'Nom de la liste' }).fill(`Renforts ${KEY}`)
  await page.getByRole('combobox', { name: 'Ont toutes ces étiquettes' }).fill('essai-portail')
  await page.getByRole('combobox', { name: 'Ont toutes ces étiquettes' }).press('Enter')
  await page.getByRole('button', { name: 'Créer la liste' }).click()
  await page.waitForURL(new RegExp(`/lists/renforts-${KEY}$`))
  await page.locator('.head-count .figure', { hasText: '3' }).waitFor()

  await page.getByRole('link', { name: 'Lancer' }).click()
  await page.locator('.scenario-card', { hasText: "Rappel des agents d'astreinte" }).click()
  await page.locator('.choice[data-mode=drill]').click()
  await page.locator('.hold:not([aria-disabled])').waitFor()
  await page.locator('.hold').focus()
  await page.keyboard.down('Enter')
  await page.waitForURL(/\/alerts\/\d+$/)
  await page.keyboard.up('Enter')
  await page.locator('.band[data-mode=drill]').waitFor()
  await page.locator('.people-table', { hasText: '<b>Garçon</b>' }).waitFor()

  await visit.open(`/contacts/imports/${run}`)
  await page.getByRole('button', { name: 'Annuler cet import' }).click()
  expect(await visit.show('import-5-undo')).toEqual([])
  await page.getByRole('button', { name: 'Oui, annuler l’import' }).click()
  await page.getByText('Cet import est annulé').first().waitFor()
  await visit.open(`/contacts/lists/renforts-${KEY}`)
  await page.getByText('Personne n’en fait partie').waitFor()
  await page.getByRole('button', { name: 'Supprimer la liste' }).click()
  await page.getByRole('button', { name: 'Oui, supprimer' }).click()
  await page.waitForURL(/\/contacts\/lists$/)
  expect(await meanwhile(seen.bearer, 'GET', '/contact-count?tag=essai-portail')).toEqual({ people: 0 })
  expect(visit.blame()).toEqual([])
})
