import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from '../../test/support/open-browser.ts'
import { type Demo, startDemo } from './start-demo.ts'

let demo: Demo
let browser: Browser
beforeAll(async () => {
  demo = await startDemo({ REKEY_PORT: '0' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  await demo.close()
})

it('shows the message of a reset beside the page where its password is used', async () => {
  const page = await browser.newPage()
  await page.goto(`${demo.address.url}/demo`)
  await page.getByRole('button', { name: 'Reset by e-mail' }).click()
  const text = await page.frameLocator('iframe[name=mailbox]').locator('.text').first().innerText()
  const [, password = ''] = /^ {4}(\S+)$/m.exec(text) ?? []
  const side = page.frameLocator('iframe[name=sign-in]')
  await side.getByLabel('User name').fill('alice')
  await side.getByLabel('Password', { exact: true }).fill(password)
  await side.getByRole('button', { name: 'Sign in' }).click()
  await side.getByLabel('New password').fill('My-0wn-Passphrase')
  await side.locator('.rules li.met').first().waitFor()
  await side.getByRole('button', { name: 'Save' }).click()
  await side.getByRole('heading', { name: 'Alice' }).waitFor()
  await page.close()
})

it('does nothing for the page of another site, nor at another host', async () => {
  const messages = demo.mailbox.list().length
  const reset = `${demo.address.url}/demo/reset?send_mode=EMAIL`
  const foreign = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }
  expect((await fetch(reset, { method: 'POST', headers: foreign })).status).toBe(404)
  expect(demo.mailbox.list()).toHaveLength(messages)
})
