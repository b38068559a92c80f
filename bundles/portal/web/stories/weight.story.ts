import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { PHONE, SHOTS, Visit } from './browser'

let visit: Visit
afterEach(() => visit.end())

test('a launch screen on a slow telephone: few bytes, few requests', async () => {
  visit = await Visit.begin(PHONE)
  const { page } = visit
  await visit.signIn()
  const browser = await page.context().newCDPSession(page)
  await browser.send('Network.enable')
  await browser.send('Network.setCacheDisabled', { cacheDisabled: true })
  await browser.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const types = new Map<string, string>()
  const bytes: Record<string, number> = {}
  // What the home still asks for when it is left is not this screen's.
  browser.on('Network.requestWillBeSent', ({ requestId, documentURL, type }) => {
    if (documentURL.endsWith('/launch')) types.set(requestId, type ?? 'Other')
  })
  browser.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const type = types.get(requestId)
    if (type) bytes[type] = (bytes[type] ?? 0) + encodedDataLength
  })
  const from = Date.now()
  await visit.open('/launch')
  await page.locator('.scenario-card').first().waitFor()
  const figures = { requests: types.size, bytes, milliseconds: Date.now() - from }
  mkdirSync(SHOTS, { recursive: true })
  // Read by people, for docs/performance.md; how long it took is this machine's matter.
  writeFileSync(join(SHOTS, 'weight.json'), `${JSON.stringify(figures)}\n`)
  expect(bytes.Script).toBeLessThan(250 * 1024)
  expect(types.size).toBeLessThan(25)
  expect(visit.blame()).toEqual([])
})
