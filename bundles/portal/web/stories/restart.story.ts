import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { DESKTOP, NODE, Visit } from './browser'

const launcher = process.env.PORTAL_LAUNCHER
const tocsin = (...command: string[]) => promisify(execFile)(launcher!, command, { env: process.env })

let visit: Visit
afterEach(() => visit?.end())

// Without a launcher there is no node to stop: docs/portal.md says how the others are told against a node one develops with.
test.runIf(launcher)('a node that restarts under a board: it says so, comes back, and nobody signs in again', async () => {
  visit = await Visit.begin(DESKTOP)
  const { page } = visit
  visit.excuse(/Failed to load resource|ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY/)
  await visit.signIn('/launch/rappel-astreinte?mode=live')
  await page.locator('.hold:not([aria-disabled])').waitFor()
  await page.locator('.hold').focus()
  await page.keyboard.down('Enter')
  await page.waitForURL(/\/alerts\/\d+$/)
  await page.keyboard.up('Enter')
  await page.locator('.connection[data-connection=live]').waitFor()
  const people = await page.locator('.figure-of').innerText()

  await tocsin('stop')
  await page.locator('.connection[data-connection=lost]').waitFor()
  expect(await page.locator('.figure-of').innerText()).toBe(people)
  expect(await visit.show('board-lost')).toEqual([])
  await tocsin('start', '--http', new URL(NODE).port, '--lab')

  await page.locator('.connection[data-connection=live], .connection[data-connection=ended]').waitFor({ timeout: 60_000 })
  expect(await page.locator('.figure-of').innerText()).toBe(people)
  await page.reload()
  await page.locator('.figure-of').waitFor()
  expect(visit.blame()).toEqual([])
})
