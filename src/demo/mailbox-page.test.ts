import { type FastifyInstance, fastify } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../../test/support/open-browser.ts'
import { createMailbox } from '../messaging/gateways/mailbox.ts'
import { serveMailboxPage } from './mailbox-page.ts'

const mailbox = createMailbox({ messagesMax: 10 })
const command = `curl -X PUT 'http://127.0.0.1:8080/api/v2/tenant/users/${'0'.repeat(60)}/rest-password'`
let server: FastifyInstance
let url: string
let browser: Browser

beforeAll(async () => {
  server = fastify()
  serveMailboxPage(server, mailbox, () => command)
  url = `${await server.listen({ host: '127.0.0.1', port: 0 })}/demo/mailbox`
  browser = await openBrowser()
})

afterAll(async () => {
  await browser.close()
  await server.close()
})

async function openPage(
  width: number,
  colorScheme: 'light' | 'dark',
): Promise<{ page: Page; said: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('requestfailed', (request) => said.push(request.url()))
  await page.goto(url)
  return { page, said }
}

function receive(text: string): void {
  mailbox.put({ at: 0, channel: 'EMAIL', to: 'alice@acme.example', subject: text, text, html: undefined })
}

describe('the mailbox page', () => {
  for (const width of [390, 1_280]) {
    for (const scheme of ['light', 'dark'] as const) {
      it(`fits ${width} pixels in the ${scheme} scheme, empty and full, and loads nothing`, async () => {
        mailbox.clear()
        const { page, said } = await openPage(width, scheme)
        const widthOf = () => page.evaluate<number>('document.documentElement.scrollWidth')
        expect(await page.textContent('pre')).toBe(command)
        expect(await widthOf()).toBeLessThanOrEqual(width)
        receive('W'.repeat(200))
        await page.reload()
        expect(await page.locator('article').count()).toBe(1)
        expect(await widthOf()).toBeLessThanOrEqual(width)
        expect(await contrastOf(page, '.text')).toBeGreaterThan(7)
        expect(await contrastOf(page, '.kind')).toBeGreaterThan(7)
        expect(await contrastOf(page, '.soft')).toBeGreaterThan(7)
        expect(said).toEqual([])
        await page.close()
      })
    }
  }

  it('is reloaded with the keyboard alone, and shows what arrived since, newest first', async () => {
    mailbox.clear()
    receive('Sent before')
    const { page } = await openPage(390, 'light')
    receive('Sent later')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Reload')
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    expect(await page.locator('h2').allTextContents()).toEqual(['Sent later', 'Sent before'])
    await page.close()
  })
})

/** WCAG 2.2's contrast ratio of an element's text to the nearest background behind it. */
async function contrastOf(page: Page, selector: string): Promise<number> {
  const script = `(() => {
    const parse = (color) => color.match(/[\\d.]+/g).map(Number)
    const luminance = (color) => {
      const [r, g, b] = parse(color).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const element = document.querySelector(${JSON.stringify(selector)})
    let behind = element
    while (parse(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement
    const pair = [element, behind].map((one, index) => luminance(getComputedStyle(one)[index === 0 ? 'color' : 'backgroundColor']))
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05)
  })()`
  return await page.evaluate<number>(script)
}
