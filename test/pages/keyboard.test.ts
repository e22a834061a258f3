import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../../src/pages/texts/en.ts'
import { openBrowser } from '../support/open-browser.ts'
import { chosenPassword } from '../support/passwords.ts'
import { startApp, type TestApp } from '../support/start-app.ts'
import { expectHeading, expectText } from './story-parts.ts'

/** Presses Tab until the focus is on this control; it must be there within so many. */
const TABS_MAX = 25

async function tabTo(page: Page, name: string): Promise<void> {
  for (let count = 0; count < TABS_MAX; count += 1) {
    const focused = page.locator(':focus')
    const isThere = (await focused.count()) === 1
    const text = isThere ? `${await focused.innerText()} ${await labelOf(page)}` : ''
    if (text.includes(name)) {
      const outline = await focused.evaluate(
        (element) => element.ownerDocument.defaultView?.getComputedStyle(element).outlineStyle,
      )
      expect(outline).toBe('solid') // somebody must see where they are
      return
    }
    await page.keyboard.press('Tab')
  }
  throw new Error(`no way to "${name}" by keyboard`)
}

async function labelOf(page: Page): Promise<string> {
  const id = await page.locator(':focus').getAttribute('id')
  const label = page.locator(`label[for="${id}"]`)
  return id !== null && (await label.count()) === 1 ? await label.innerText() : ''
}

describe('the pages by keyboard alone', () => {
  let test: TestApp
  let browser: Browser
  beforeAll(async () => {
    test = await startApp('sqlite')
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await test.close()
  })

  it('lead from a delivered password to the account and out again', async () => {
    const user = await test.addUser({ name: 'Alice Miller' })
    expect((await test.client.resetPassword(user.id, 'EMAIL')).status).toBe(200)
    const delivered = await test.readMailedPassword()
    const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
    await page.goto(`${test.url}/`)
    // the first field has the focus already
    await page.keyboard.type(user.userName)
    await tabTo(page, en.signIn.password)
    await page.keyboard.type('wrong')
    await page.keyboard.press('Enter')
    await expectText(page, en.signIn.wrong(9))
    // where something is wrong is where one goes on
    await page.keyboard.type(delivered)
    await page.keyboard.press('Enter')
    await expectHeading(page, en.newPassword.title)
    await page.keyboard.type(chosenPassword())
    await tabTo(page, en.newPassword.show)
    await page.keyboard.press('Space')
    await tabTo(page, en.newPassword.submit)
    await page.keyboard.press('Enter')
    await expectHeading(page, 'Alice Miller')
    await tabTo(page, en.account.change)
    await tabTo(page, en.account.notMe)
    await page.keyboard.press('Shift+Tab')
    await page.reload()
    await tabTo(page, en.account.signOut)
    await page.keyboard.press('Enter')
    await expectText(page, en.signIn.signedOut)
  })

  it('begin with a way past what stands on every page', async () => {
    const page = await browser.newPage()
    await page.goto(`${test.url}/forgot-password`)
    await page.locator('body').evaluate((body) => {
      const active = body.ownerDocument.activeElement as { blur?: () => void } | null
      active?.blur?.()
    })
    await page.keyboard.press('Tab')
    await tabTo(page, en.layout.skip)
    await page.keyboard.press('Enter')
    expect(page.url()).toContain('#content')
    await page.close()
  })
})
