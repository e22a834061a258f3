import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../../../test/support/open-browser.ts'
import { startApp } from '../../../test/support/start-app.ts'
import { type Demo, startDemo } from '../../demo/start-demo.ts'
import { routeTable } from '../route-table.ts'
import { REFERENCE_PATH, referenceRoutes } from './serve-reference.ts'

let demo: Demo
let browser: Browser

beforeAll(async () => {
  demo = await startDemo({ REKEY_PORT: '0', REKEY_LOG_LEVEL: 'silent' })
  browser = await openBrowser()
})

afterAll(async () => {
  await browser.close()
  await demo.close()
})

interface OpenedPage {
  readonly page: Page
  /** What the browser complained of: a refused style or script, a failed request, an error. */
  readonly complaints: readonly string[]
  readonly requests: readonly string[]
}

async function openReference(width: number, scheme: 'light' | 'dark', query = ''): Promise<OpenedPage> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme })
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => {
    // below that are the browser's hints to authors of forms
    if (/^(error|warning)$/.test(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('requestfailed', (request) => complaints.push(request.url()))
  page.on('request', (request) => requests.push(request.url()))
  await page.goto(`${demo.address.url}${REFERENCE_PATH}${query}`)
  await page.waitForSelector('.opblock')
  return { page, complaints, requests }
}

function expectOwnOnly({ complaints, requests }: OpenedPage): void {
  expect(complaints).toEqual([])
  const own = (url: string) => url.startsWith(`${demo.address.url}/`) || url.startsWith('data:')
  expect(requests.filter((url) => !own(url))).toEqual([])
}

async function authorise(page: Page): Promise<void> {
  await page.locator('.auth-wrapper .btn.authorize').click()
  const form = page.locator('.auth-container', { hasText: 'clientCredentials' })
  await form.getByLabel('client_id').fill(demo.address.clientId)
  await form.getByLabel('client_secret').fill(demo.address.clientSecret)
  await form.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click()
  await form.getByRole('button', { name: 'Remove authorization' }).waitFor()
  await page.getByRole('button', { name: 'Close' }).last().click()
}

describe('the API reference', () => {
  for (const [width, scheme] of [
    [390, 'light'],
    [1_280, 'dark'],
  ] as const) {
    it(`shows every operation at ${width} pixels, ${scheme}, and no style or script is refused`, async () => {
      // an address in the query is not followed
      const opened = await openReference(width, scheme, '?url=https://elsewhere.example/openapi.json')
      const { page } = opened
      const places = routeTable.flatMap(({ path, aliases = [] }) => [path, ...aliases])
      const webhooks = 1 // what receivers of events are sent
      expect(await page.locator('.opblock').count()).toBe(places.length + webhooks)
      await page.locator('#operations-Users-putUsersRestPassword .opblock-summary-control').click()
      await page.getByText('USER.0011').first().waitFor()
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      expectOwnOnly(opened)
      await page.close()
    })
  }

  it('resets a password with "try it", after a sign-in as an application', { timeout: 60_000 }, async () => {
    const opened = await openReference(1_280, 'light')
    const { page } = opened
    await authorise(page)
    const operation = page.locator('#operations-Users-putUsersRestPassword')
    await operation.locator('.opblock-summary-control').click()
    await operation.getByRole('button', { name: 'Execute' }).click()
    await operation.locator('.live-responses-table').getByText('200', { exact: true }).waitFor()
    const answer = await operation.locator('.live-responses-table .response').first().textContent()
    expect(answer).toContain(`"user_id": "${demo.address.userId}"`)
    expect(demo.mailbox.list()[0]?.to).toBe('alice@acme.example')
    expectOwnOnly(opened)
    await page.close()
  })

  it('lets a browser keep every part while it is the same', async () => {
    for (const { path } of referenceRoutes) {
      const first = await fetch(demo.address.url + path)
      expect([path, first.status, first.headers.get('x-content-type-options')]).toEqual([
        path,
        200,
        'nosniff',
      ])
      expect(first.headers.get('content-security-policy')).not.toContain('unsafe')
      const again = await fetch(demo.address.url + path, {
        headers: { 'if-none-match': first.headers.get('etag') ?? '' },
      })
      expect([path, again.status]).toEqual([path, 304])
    }
    const posted = await fetch(`${demo.address.url}${REFERENCE_PATH}`, { method: 'POST' })
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('is not there when the settings do not want it', async () => {
    const app = await startApp('sqlite', { env: { REKEY_API_REFERENCE: 'off' } })
    try {
      expect((await fetch(`${app.url}${REFERENCE_PATH}`)).status).toBe(404)
    } finally {
      await app.close()
    }
  })
})
