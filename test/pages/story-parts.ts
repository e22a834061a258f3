import type { Browser, BrowserContext, Page } from 'playwright-core'
import PostalMime from 'postal-mime'
import { expect } from 'vitest'
import type { Language } from '../../src/core/tenants/tenant.ts'
import type { Texts } from '../../src/pages/texts/text-shape.ts'
import { textsOf } from '../../src/pages/texts/texts.ts'
import { createApiClient } from '../support/api-client.ts'
import type { SeededUser } from '../support/seed-tenant.ts'
import type { TestApp } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'

/** How somebody reads the pages. */
export interface Reader {
  readonly language: Language
  readonly width: number
  readonly hasScripts: boolean
  readonly colorScheme: 'light' | 'dark'
}

/** Called at every page and state of a story. */
export type Look = (name: string, page: Page) => Promise<void>

/** One person at one browser. */
export interface Telling {
  readonly test: TestApp
  readonly browser: Browser
  readonly reader: Reader
  readonly texts: Texts
  readonly context: BrowserContext
  readonly page: Page
  readonly look: Look
}

export async function beginTelling(
  test: TestApp,
  browser: Browser,
  reader: Reader,
  look: Look,
): Promise<Telling> {
  const context = await openContext(browser, reader)
  const page = await context.newPage()
  await page.goto(`${test.url}/`)
  return { test, browser, reader, texts: textsOf(reader.language), context, page, look }
}

export async function openContext(browser: Browser, reader: Reader): Promise<BrowserContext> {
  return await browser.newContext({
    viewport: { width: reader.width, height: reader.width < 600 ? 844 : 800 },
    locale: reader.language === 'zh' ? 'zh-CN' : 'en-GB',
    javaScriptEnabled: reader.hasScripts,
    colorScheme: reader.colorScheme,
  })
}

/** Somebody of the company whose language is the reader's. */
export async function addPerson({ test, reader }: Pick<Telling, 'test' | 'reader'>): Promise<SeededUser> {
  const name = reader.language === 'zh' ? '王小明' : 'Alice Miller'
  return await test.addUser({ name, language: reader.language })
}

export async function signIn({ page, texts }: Telling, userName: string, password: string): Promise<void> {
  await page.getByLabel(texts.signIn.loginName).fill(userName)
  await page.getByLabel(texts.signIn.password, { exact: true }).fill(password)
  await press(page, texts.signIn.submit)
}

/** A reset, asked for by an application, and the password as the person reads it. */
export async function resetAndRead({ test }: Telling, user: SeededUser): Promise<string> {
  // with a token of now: the story's clock may have gone on
  const client = createApiClient(test.url, test.application)
  const answer = await client.resetPassword(user.id, 'EMAIL')
  expect(answer.status).toBe(200)
  return await test.readMailedPassword()
}

/** The code of the newest mail to this person that has one. */
export async function readCode({ test }: Telling, user: SeededUser): Promise<string> {
  let code: string | undefined
  await waitUntil(async () => {
    for (const { to, raw } of test.smtp.mails.toReversed()) {
      const text = to.includes(user.email ?? '') ? (await PostalMime.parse(raw)).text : ''
      code ??= /^\s*(\d{6})\s*$/m.exec(text ?? '')?.[1]
    }
    return code !== undefined
  })
  return code ?? ''
}

export async function chooseNew({ page, texts }: Telling, password: string): Promise<void> {
  await page.getByLabel(texts.newPassword.label).fill(password)
  await press(page, texts.newPassword.submit)
}

export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
}

export async function expectHeading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor({ timeout: 10_000 })
}

export async function expectText(page: Page, text: string): Promise<void> {
  await page.getByText(text, { exact: true }).first().waitFor({ timeout: 10_000 })
}
