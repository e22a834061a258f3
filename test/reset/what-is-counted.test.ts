import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase } from '../support/databases.ts'
import { startApp, type TestApp } from '../support/start-app.ts'

describeEachDatabase('/metrics', (kind) => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp(kind)
  })
  afterAll(() => app.close())

  it('counts resets, attempts and sign-ins by their ends, and names nobody', async () => {
    const alice = await app.addUser()
    await app.client.resetPassword(alice.id, 'EMAIL')
    app.sms.answer = { status: 500 }
    await app.client.resetPassword(alice.id, 'SMS')
    const password = await app.readMailedPassword()
    await app.client.signIn(alice.userName, password)
    await app.client.signIn(alice.userName, 'wrong')
    const { text } = await app.client.call('GET', '/metrics')
    expect(text).toContain('rekey_resets_total{state="accepted",detail="none",channel="EMAIL"} 1')
    expect(text).toContain('rekey_resets_total{state="failed",detail="gateway_refused",channel="SMS"} 1')
    expect(text).toContain('rekey_gateway_attempts_total{outcome="accepted"} 1')
    expect(text).toContain('rekey_gateway_attempts_total{outcome="refused-here"} 1')
    expect(text).toContain('rekey_sign_ins_total{result="password_expired"} 1')
    expect(text).toContain('rekey_sign_ins_total{result="wrong_password"} 1')
    for (const secret of [alice.id, alice.userName, alice.email ?? '', alice.mobile ?? '', password]) {
      expect(text).not.toContain(secret)
    }
  })
})
