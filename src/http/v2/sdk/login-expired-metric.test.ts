import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase } from '../../../../test/support/databases.ts'
import { startApp, type TestApp } from '../../../../test/support/start-app.ts'
import { DAY_MS } from '../../../core/clock.ts'

describeEachDatabase('POST /api/v2/sdk/login, with a delivered password past its deadline', (kind) => {
  const lines: string[] = []
  let app: TestApp
  beforeAll(async () => {
    app = await startApp(kind, {
      env: { REKEY_LOG_LEVEL: 'warn' },
      app: { logDestination: { write: (line: string) => void lines.push(line) } },
    })
  })
  afterAll(() => app.close())

  it('is loud at once: metric and warning, and only once', async () => {
    const user = await app.addUser()
    expect((await app.client.resetPassword(user.id, 'EMAIL')).status).toBe(200)
    const password = await app.readMailedPassword()
    app.clock.advance(DAY_MS)
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect((await app.client.signIn(user.userName, password)).body.error_code).toBe('SDK.LOGIN.9001')
    }
    const metrics = await (await fetch(`${app.url}/metrics`)).text()
    expect(metrics).toContain('rekey_resets_expired_unused_total{channel="EMAIL"} 1')
    expect(lines.filter((line) => line.includes('ran out unused'))).toHaveLength(1)
  })
})
