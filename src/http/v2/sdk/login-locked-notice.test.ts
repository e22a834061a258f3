import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../test/support/databases.ts'
import { startApp, type TestApp } from '../../../../test/support/start-app.ts'
import { waitUntil } from '../../../../test/support/wait-until.ts'

const wrong = 'Wrong-password-1'

describeEachDatabase('POST /api/v2/sdk/login, with wrong passwords until it locks', (kind) => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp(kind)
  })
  afterAll(() => app.close())

  async function lockOut(loginName: string): Promise<void> {
    for (let count = 0; count < app.tenant.settings.signIn.attemptsMax; count += 1) {
      await app.client.signIn(loginName, wrong)
    }
    expect((await app.client.signIn(loginName, wrong)).body.error_code).toBe('SDK.LOGIN.1003')
  }

  const isEachLockLookedAt = async () => {
    const untold = 'select subject from sign_in_failures where locked_until <> told_until'
    return (await app.database.query(untold)).length === 0
  }

  it('tells whose account it is, once, by mail, until when and what to do, and nobody else', async () => {
    const email = `${randomUUID()}@acme.example`
    const user = await app.addUser({ email })
    const nobody = `nobody-${randomUUID()}`
    await lockOut(nobody)
    await lockOut(user.userName)
    await waitUntil(async () => app.smtp.mails.length > 0)
    await waitUntil(isEachLockLookedAt)
    const [mail, ...others] = app.smtp.mails
    expect([mail?.to, others]).toEqual([[email], []])
    const { subject, text } = await app.smtp.readLast()
    expect(subject).toMatch(/is locked$/)
    expect(text).toMatch(/Locked until: .* at \d\d:\d\d UTC/)
    expect(text).toContain('ask for a new password')
    for (const password of [wrong, user.password]) {
      expect(mail?.raw).not.toContain(password)
    }
    expect(app.sms.requests).toEqual([])
  })
})
