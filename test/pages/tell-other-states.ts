import { expect } from 'vitest'
import { DAY_MS } from '../../src/core/clock.ts'
import type { SeededUser } from '../support/seed-tenant.ts'
import {
  addPerson,
  expectHeading,
  expectText,
  press,
  readCode,
  resetAndRead,
  signIn,
  type Telling,
} from './story-parts.ts'

/** Ages at which the policy of `statesSettings` warns. */
const OLD_MS = 85 * DAY_MS

/** For the tenant that these states are seen at. */
export const statesPolicy = { maximumAgeDays: 90, warnDays: 14 } as const

/** What befalls people beside the main road: each begins at the sign-in page. */
export async function tellOtherStates(telling: Telling): Promise<void> {
  const user = await addPerson(telling)
  await meetMissingFields(telling)
  await meetStaleForm(telling, user)
  await meetUnknownPage(telling)
  await meetExpiringPassword(telling)
  await meetDisabledAccount(telling)
  await meetExpiredPassword(telling, user)
}

async function toSignIn({ test, page, context }: Telling): Promise<void> {
  await context.clearCookies()
  await page.goto(`${test.url}/sign-in`)
}

async function meetMissingFields(telling: Telling): Promise<void> {
  const { page, texts, look } = telling
  await toSignIn(telling)
  await press(page, texts.signIn.submit)
  await expectText(page, texts.signIn.missing)
  await look('sign-in-missing', page)
}

/** Two tabs, an old page, cookies that were cleared: the form comes back with what was typed, and works then. */
async function meetStaleForm(telling: Telling, user: SeededUser): Promise<void> {
  const { context, page, texts, look } = telling
  await toSignIn(telling)
  await context.clearCookies()
  await signIn(telling, user.userName, user.password)
  await expectText(page, texts.problems.noCookies)
  expect(await page.getByLabel(texts.signIn.loginName).inputValue()).toBe(user.userName)
  await look('sign-in-without-cookies', page)
  await signIn(telling, user.userName, user.password)
  await expectHeading(page, user.name)
}

async function meetUnknownPage({ test, page, texts, look }: Telling): Promise<void> {
  await page.goto(`${test.url}/nowhere`)
  await expectHeading(page, texts.errors.notFound.title)
  await look('not-found', page)
  await page.goto(`${test.url}/not-me/20260101000000000-0000-000000000.0000000000000000`)
  await expectHeading(page, texts.notMe.goneTitle)
  await look('not-me-gone', page)
}

async function meetExpiringPassword(telling: Telling): Promise<void> {
  const { test, page, texts, reader, look } = telling
  const passwordChangedAt = test.clock.now() - OLD_MS
  const user = await test.addUser({ language: reader.language, passwordChangedAt })
  await toSignIn(telling)
  await signIn(telling, user.userName, user.password)
  await expectHeading(page, texts.expires.title)
  await look('password-expires', page)
  await press(page, texts.expires.later)
  await expectHeading(page, user.name)
  await toSignIn(telling)
  await signIn(telling, user.userName, user.password)
  await page.getByRole('link', { name: texts.expires.now }).click()
  await expectText(page, texts.newPassword.whyExpiring)
}

async function meetDisabledAccount(telling: Telling): Promise<void> {
  const { test, page, texts, reader, look } = telling
  const user = await test.addUser({ language: reader.language, disabled: true })
  await toSignIn(telling)
  await signIn(telling, user.userName, user.password)
  await expectHeading(page, texts.disabled.title)
  await look('disabled', page)
}

async function meetExpiredPassword(telling: Telling, user: SeededUser): Promise<void> {
  const { test, page, texts, look } = telling
  const delivered = await resetAndRead(telling, user)
  test.clock.advance(2 * DAY_MS)
  await toSignIn(telling)
  await signIn(telling, user.userName, delivered)
  await expectHeading(page, texts.expired.title)
  await look('delivered-expired', page)
}

/** At a tenant that asks for a code after the password. */
export async function tellSecondFactor(telling: Telling): Promise<void> {
  const { page, texts, look } = telling
  const user = await addPerson(telling)
  await toSignIn(telling)
  await signIn(telling, user.userName, user.password)
  await expectHeading(page, texts.secondFactor.title)
  await look('second-factor', page)
  await press(page, texts.secondFactor.byEmail)
  await expectText(page, texts.secondFactor.sent)
  await look('second-factor-code', page)
  const code = await readCode(telling, user)
  await page.getByLabel(texts.secondFactor.code, { exact: true }).fill('12')
  await press(page, texts.secondFactor.submit)
  await expectText(page, texts.secondFactor.wrong)
  await look('second-factor-wrong', page)
  await page.getByLabel(texts.secondFactor.code, { exact: true }).fill(code)
  await press(page, texts.secondFactor.submit)
  await expectHeading(page, user.name)
}
