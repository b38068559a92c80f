import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core'
import { afterAll } from 'vitest'

export type Look = { language: 'fr' | 'en'; theme: 'light' | 'dark'; size: 'phone' | 'desktop' }

export const DESKTOP: Look = { language: 'fr', theme: 'light', size: 'desktop' }
export const PHONE: Look = { language: 'fr', theme: 'light', size: 'phone' }
/** Each language, theme and size at least once, without all eight. */
export const LOOKS: readonly Look[] = [
  DESKTOP,
  { language: 'en', theme: 'dark', size: 'desktop' },
  { language: 'en', theme: 'light', size: 'phone' },
  { language: 'fr', theme: 'dark', size: 'phone' },
]

/** The desktop's window at 200 %: as many device pixels, half as many of ours. */
export const ZOOMED = { width: 640, height: 450 }

const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 } }

/** The node the stories are told against. */
export const NODE = required('PORTAL_URL').replace(/\/$/, '')
export const TENANT = required('PORTAL_TENANT')
export const LOGIN = required('PORTAL_LOGIN')
export const PASSWORD = required('PORTAL_PASSWORD')
export const SHOTS = required('PORTAL_SHOTS')

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`the stories need ${name}: they are run by PortalStory, or as docs/portal.md says`)
  return value
}

/** One for all stories of a file: a browser takes longer to start than most pages to be looked at. */
let browser: Promise<Browser> | undefined

function opened(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: process.env.PORTAL_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // What is recorded in a story is a machine's beep, whatever machine this is.
      '--use-fake-device-for-media-stream',
    ],
  })
  return browser
}

afterAll(async () => {
  await (await browser)?.close()
  browser = undefined
})

/** Presses what a dialog that comes by itself may lie over first. @returns whether it could be pressed */
export function pressed(button: Locator): Promise<boolean> {
  return button.click({ timeout: 5000 }).then(
    () => true,
    () => false,
  )
}

/**
 * Debian's Chromium as somebody has it who was never here: what is stored belongs to this visit alone. Whatever it says on its console, and whatever it asks of
 * another host than the node, is kept: {@link Visit.blameless} is asked at the end of each story.
 */
export class Visit {
  readonly page: Page
  private readonly context: BrowserContext
  private readonly look: Look
  private readonly base: string
  private readonly complaints: string[] = []
  private readonly excused: RegExp[] = []

  private constructor(context: BrowserContext, page: Page, look: Look, base: string) {
    this.base = base
    this.context = context
    this.page = page
    this.look = look
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(`console: ${message.text()} ${message.location().url}`)
    })
    page.on('pageerror', (error) => this.complaints.push(`page: ${error.message}`))
    context.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(base) && !url.startsWith('data:') && !url.startsWith('blob:')) this.complaints.push(`foreign: ${url}`)
    })
  }

  /** @param base where the browser finds the node, if not directly */
  static async begin(look: Look = DESKTOP, base = NODE): Promise<Visit> {
    const context = await (await opened()).newContext({
      viewport: SIZES[look.size],
      hasTouch: look.size === 'phone',
      isMobile: look.size === 'phone',
      deviceScaleFactor: look.size === 'phone' ? 2 : 1,
      colorScheme: look.theme,
      locale: look.language === 'fr' ? 'fr-FR' : 'en-GB',
      timezoneId: 'Europe/Paris',
      reducedMotion: 'reduce',
    })
    context.setDefaultTimeout(30_000)
    return new Visit(context, await context.newPage(), look, base)
  }

  /** What this story makes happen on purpose. */
  excuse(...expected: RegExp[]): void {
    this.excused.push(...expected)
  }

  /** What was complained of and not excused: nothing, in a good story. */
  blame(): string[] {
    return this.complaints.filter((complaint) => !this.excused.some((expected) => expected.test(complaint)))
  }

  async open(path = ''): Promise<void> {
    await this.page.goto(`${this.base}/t/${TENANT}${path}`)
  }

  async signIn(path = ''): Promise<void> {
    await this.open(path)
    await this.page.locator('input[name=username]').fill(LOGIN)
    await this.page.locator('input[name=password]').fill(PASSWORD)
    await this.page.locator('button[type=submit]').click()
    await this.page.locator('.bar').waitFor()
  }

  /** A picture for people, of all one would scroll to, and what axe finds wrong for everybody. */
  async show(name: string): Promise<string[]> {
    const { language, theme, size } = this.look
    const file = `${name}-${size}-${theme}-${language}.png`
    mkdirSync(SHOTS, { recursive: true })
    await this.page.evaluate(() => document.fonts.ready)
    // Bars that stay would lie over the middle of a page that was scrolled.
    await this.page.evaluate(() => window.scrollTo(0, 0))
    await this.page.screenshot({ path: join(SHOTS, file), fullPage: true })
    return [...(await this.axe()).map((each) => `${name}: ${each}`), ...(await this.overflow()).map((each) => `${name}: ${each}`)]
  }

  /** Through the browser's own door, for the page's policy lets no foreign script in. */
  private async axe(): Promise<string[]> {
    await this.page.evaluate(AXE)
    // From the top: what has gone half under the bar that stays is reached by scrolling back.
    await this.page.evaluate(() => window.scrollTo(0, 0))
    return this.page.evaluate(async () => {
      const axe = (window as unknown as { axe: { run: (root: Document, options: object) => Promise<{ violations: Violation[] }> } }).axe
      type Violation = { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }
      const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`))
    })
  }

  /** Nothing makes the page scroll sideways. */
  overflow(): Promise<string[]> {
    return this.page.evaluate(() => {
      const root = document.documentElement
      if (root.scrollWidth <= root.clientWidth) return []
      const widest = [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > root.clientWidth + 1)
      return [`wider than the window by ${root.scrollWidth - root.clientWidth}: ${widest.slice(0, 3).map((each) => each.className || each.tagName).join(', ')}`]
    })
  }

  /** What can be pressed or filled in can be reached: scrolled to the middle of the window, nothing lies over it. */
  async covered(name: string): Promise<string[]> {
    return this.page.evaluate((where) => {
      const found: string[] = []
      for (const each of document.querySelectorAll<HTMLElement>('main :is(a[href], button, input, select, textarea, summary)')) {
        const { width, height } = each.getBoundingClientRect()
        if (width < 8 || height < 8 || !each.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
        each.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
        const box = each.getClientRects()[0]!
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
        const top = document.elementFromPoint(x, y)
        const label = each.closest('label') ?? (each.id ? document.querySelector(`label[for="${CSS.escape(each.id)}"]`) : null)
        if (!top || !(each.contains(top) || top.contains(each) || label?.contains(top))) found.push(`${where}: ${each.outerHTML.slice(0, 80)} is covered by ${top?.outerHTML.slice(0, 80)}`)
      }
      window.scrollTo(0, 0)
      return found
    }, name)
  }

  async end(): Promise<void> {
    await this.context.close()
  }
}
