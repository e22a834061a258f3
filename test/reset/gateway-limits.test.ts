import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachDatabase } from '../support/databases.ts'
import { seedGateway } from '../support/seed-tenant.ts'
import { startApp, type TestApp } from '../support/start-app.ts'

describeEachDatabase('a gateway that carries short variables only', (kind) => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp(kind)
  })
  afterAll(() => app.close())

  async function addSmsGateway(
    name: string,
    templateLimits: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await seedGateway(app.database.store, app.tenant, {
      name,
      channel: 'SMS',
      kind: 'sms-http',
      settings: {
        url: app.sms.url,
        body: '{"to":"{{ to }}","text":"{{ text }}"}',
        template_limits: templateLimits,
      },
      priority: 5,
    })
    app.clock.advance(6_000) // rows are looked at again
  }

  test('gets passwords that it carries, also while it only stands by', async () => {
    await addSmsGateway('standby', { variable_length_max: 12, variable_characters: 'alphanumeric' })
    const user = await app.addUser()
    expect((await app.client.resetPassword(user.id, 'SMS')).status).toBe(200)
    expect(app.readTextedPassword()).toMatch(/^[A-Za-z0-9]{12}$/)
  })

  test('is never sent what it cannot carry: 400 PWD.0005, nothing leaves, the old password works', async () => {
    await addSmsGateway('digits', { variable_length_max: 6, variable_characters: 'digits' })
    const user = await app.addUser()
    const sent = app.sms.requests.length
    const answer = await app.client.resetPassword(user.id, 'SMS')
    expect([answer.status, answer.body.error_code]).toEqual([400, 'PWD.0005'])
    expect(answer.headers.get('x-error-detail')).toBe('policy_undeliverable')
    expect(app.sms.requests).toHaveLength(sent)
    const stored = await app.database.store.read.users.findWithCredential(app.tenant.id, user.id)
    expect(stored?.credential).toEqual(user.credential)
  })
})
