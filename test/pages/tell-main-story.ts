import { expect } from 'vitest'
import { chosenPassword } from '../support/passwords.ts'
import type { SeededUser } from '../support/seed-tenant.ts'
import {
  addPerson,
  chooseNew,
  expectHeading,
  expectText,
  openContext,
  press,
  readCode,
  resetAndRead,
  signIn,
  type Telling,
} from './story-parts.ts'

/** From a reset to a frozen account, as one person lives through it. */
export async function tellMainStory(telling: Telling): Promise<void> {
  const user = await addPerson(telling)
  const own = await useDeliveredPassword(telling, user)
  await endOtherSession(telling, user, own)
  const changed = await changePassword(telling, own)
  await recover(telling, user)
  await lockOutAndReset(telling, user, changed)
  await freeze(telling, user)
}

async function useDeliveredPassword(telling: Telling, user: SeededUser): Promise<string> {
  const { page, texts, look } = telling
  const delivered = await resetAndRead(telling, user)
  await expectHeading(page, texts.signIn.title)
  await look('sign-in', page)
  await signIn(telling, user.userName, 'wrong')
  await expectText(page, texts.signIn.wrong(9))
  // nothing that was typed is lost, but the password
  expect(await page.getByLabel(texts.signIn.loginName).inputValue()).toBe(user.userName)
  await look('sign-in-wrong', page)
  await signIn(telling, user.userName, delivered)
  await expectHeading(page, texts.newPassword.title)
  await look('new-password', page)
  await seeRulesTickedOff(telling)
  await chooseNew(telling, 'short')
  await page.locator('#new_password-problem').waitFor()
  await look('new-password-refused', page)
  await chooseNew(telling, delivered)
  await page.locator('#new_password-problem').waitFor()
  const own = chosenPassword()
  await chooseNew(telling, own)
  await expectText(page, texts.newPassword.saved)
  await expectHeading(page, user.name)
  await look('account', page)
  return own
}

/** The policy is ticked off while one types, and what was typed can be looked at. */
async function seeRulesTickedOff({ page, texts, reader, look }: Telling): Promise<void> {
  if (!reader.hasScripts) return
  const password = page.getByLabel(texts.newPassword.label, { exact: true })
  await password.fill('abcDEF')
  const met = page.locator('.rules li.met')
  await met.first().waitFor()
  expect(await met.count()).toBe(2)
  await press(page, texts.newPassword.show)
  expect(await password.getAttribute('type')).toBe('text')
  await look('new-password-typed', page)
  await password.fill(chosenPassword())
  await expectText(page, texts.newPassword.good)
  expect(await met.count()).toBe(5)
  await press(page, texts.newPassword.hide)
}

async function endOtherSession(telling: Telling, user: SeededUser, password: string): Promise<void> {
  const { test, page, texts, browser, reader, look } = telling
  const elsewhere = await openContext(browser, reader)
  const other = await elsewhere.newPage()
  await other.goto(`${test.url}/sign-in`)
  await signIn({ ...telling, page: other }, user.userName, password)
  await expectHeading(other, user.name)
  await page.goto(`${test.url}/account`)
  await look('account-sessions', page)
  const ends = page.locator('form[action="/account/sessions/end"] button')
  expect(await ends.count()).toBe(1)
  await ends.click()
  await expectText(page, texts.account.ended)
  await other.goto(`${test.url}/account`)
  await expectText(other, texts.signIn.ended)
  await look('signed-out-elsewhere', other)
  await elsewhere.close()
}

async function changePassword({ test, page, texts, look }: Telling, old: string): Promise<string> {
  await page.getByRole('link', { name: texts.account.change }).click()
  await expectHeading(page, texts.changePassword.title)
  await look('change-password', page)
  const next = chosenPassword()
  const submit = async (current: string) => {
    await page.getByLabel(texts.changePassword.old, { exact: true }).fill(current)
    await page.getByLabel(texts.newPassword.label, { exact: true }).fill(next)
    await press(page, texts.changePassword.submit)
  }
  await submit('wrong')
  await expectText(page, texts.changePassword.wrongOld(9))
  await look('change-password-wrong', page)
  await submit(old)
  await expectText(page, texts.account.passwordSaved)
  await page.goto(`${test.url}/account`)
  await press(page, texts.account.signOut)
  await expectText(page, texts.signIn.signedOut)
  await look('signed-out', page)
  return next
}

async function recover(telling: Telling, user: SeededUser): Promise<void> {
  const { page, texts, look } = telling
  await page.getByRole('link', { name: texts.signIn.forgot }).click()
  await expectHeading(page, texts.forgot.title)
  await look('forgot-password', page)
  const ask = async (contact: string) => {
    await page.getByLabel(texts.forgot.contact).fill(contact)
    await press(page, texts.forgot.submit)
  }
  await ask('neither')
  await expectText(page, texts.forgot.badContact)
  await look('forgot-password-bad-contact', page)
  await ask(user.email ?? '')
  await expectHeading(page, texts.recover.title)
  await look('forgot-password-code', page)
  const code = await readCode(telling, user)
  const submit = async (typed: string, password: string) => {
    await page.getByLabel(texts.recover.code).fill(typed)
    await page.getByLabel(texts.newPassword.label, { exact: true }).fill(password)
    await press(page, texts.recover.submit)
  }
  await submit(code === '000000' ? '000001' : '000000', chosenPassword())
  await expectText(page, texts.recover.wrong)
  await look('forgot-password-wrong-code', page)
  const password = chosenPassword()
  await submit(code, password)
  await expectText(page, texts.recover.done)
  await look('recovered', page)
  await signIn(telling, user.userName, password)
  await expectHeading(page, user.name)
  await press(page, texts.account.signOut)
}

async function lockOutAndReset(telling: Telling, user: SeededUser, old: string): Promise<void> {
  const { test, page, texts, look } = telling
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await page.goto(`${test.url}/sign-in`)
    await signIn(telling, user.userName, attempt === 0 ? old : 'wrong')
  }
  await expectHeading(page, texts.locked.title)
  await look('locked', page)
  const delivered = await resetAndRead(telling, user)
  await page.getByRole('link', { name: texts.locked.again }).click()
  await signIn(telling, user.userName, delivered)
  await chooseNew(telling, chosenPassword())
  await expectHeading(page, user.name)
}

async function freeze({ page, texts, look }: Telling, user: SeededUser): Promise<void> {
  await page.getByText(texts.account.notMe).first().click()
  await expectHeading(page, texts.notMe.title)
  await look('not-me', page)
  await press(page, texts.notMe.submit)
  await expectHeading(page, texts.notMe.doneTitle)
  await look('frozen', page)
  expect(user.disabled).toBe(false)
}
