import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type App, openApp } from '../../src/app.ts'
import { loadSettings } from '../../src/config/load.ts'
import { type Clock, MINUTE_MS } from '../../src/core/clock.ts'
import { recoverResets } from '../../src/core/reset/recover-resets.ts'
import { connectStore } from '../../src/store/connect.ts'
import { createApiClient } from '../support/api-client.ts'
import { describeEachDatabase, type TestDatabase } from '../support/databases.ts'
import { startFaultySmtpServer } from '../support/faulty-smtp-server.ts'
import { expectMustChange, expectRefused, expectSignsIn } from '../support/passwords.ts'
import { cheapHashParameters, seedGateway } from '../support/seed-tenant.ts'
import { readMailedPasswords, startApp, type TestApp } from '../support/start-app.ts'
import { createTestClock } from '../support/test-clock.ts'
import { waitUntil } from '../support/wait-until.ts'
import { outcomeOf } from './outcome-of.ts'
import { createResetPoints } from './reset-points.ts'

describeEachDatabase('a gateway that answers when recovery has been there', (kind) => {
  const points = createResetPoints()
  const opened: { close(): Promise<void> }[] = []
  let app: TestApp
  beforeAll(async () => {
    app = await startApp(kind, { app: { reached: points.reached } })
    await app.client.token()
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((resource) => resource.close()))
  })
  afterAll(() => app.close())

  it('is believed while nobody was told that the outcome is unknown', async () => {
    const alice = await app.addUser()
    points.once('gateway-answered', async () => {
      await recoverElsewhere(app.database)
      expect((await outcomeOf(app, alice)).states).toEqual(['unknown'])
    })
    const answer = await app.client.resetPassword(alice.id, 'EMAIL')
    expect(points.allFired()).toBe(true)
    expect(answer.status).toBe(200)
    expect(await outcomeOf(app, alice)).toEqual({
      states: ['accepted'],
      attempts: ['accepted'],
      record: { 'reset.prepared': 1, 'reset.sending': 1, 'reset.unknown': 1, 'reset.accepted': 1 },
      mails: 1,
      passwordChanges: 1,
    })
    await expectRefused(app.client, alice.userName, alice.password)
    const [password] = await readMailedPasswords(app.smtp, alice.email ?? '')
    await expectMustChange(app.client, alice.userName, password ?? '')
  })

  it('changes nothing once a sharing caller was told that the outcome is unknown', async () => {
    const alice = await app.addUser()
    const waits: number[] = []
    const other = await openOther(app, waits)
    opened.push(other.app)
    const sharing = createApiClient(other.url, app.application)
    await sharing.token()
    points.once('gateway-answered', async () => {
      const shared = sharing.resetPassword(alice.id, 'EMAIL')
      // an equal call that found the reset in flight looks at it again and again
      await waitUntil(async () => waits.length > 1)
      await recoverElsewhere(app.database)
      const told = await shared
      expect(told.status).toBe(400)
      expect(told.headers.get('x-error-detail')).toBe('delivery_unknown')
    })
    const answer = await app.client.resetPassword(alice.id, 'EMAIL')
    expect(points.allFired()).toBe(true)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ error_code: 'MSG.0001' })
    expect(answer.headers.get('x-error-detail')).toBe('delivery_unknown')
    expect(await outcomeOf(app, alice)).toEqual({
      states: ['unknown'],
      attempts: ['accepted'],
      record: { 'reset.prepared': 1, 'reset.sending': 1, 'reset.unknown': 1 },
      mails: 1,
      passwordChanges: 0,
    })
    await expectSignsIn(app.client, alice.userName, alice.password)
    const [password] = await readMailedPasswords(app.smtp, alice.email ?? '')
    await expectMustChange(app.client, alice.userName, password ?? '')
    await expectRefused(app.client, alice.userName, alice.password)
  })
})

describeEachDatabase('a gateway that is silent until the call ends', (kind) => {
  it('leaves time to write down that the outcome is unknown, and to say so', async () => {
    const gateway = await startFaultySmtpServer({ fault: { at: 'after-dot', kind: 'hang' } })
    const points = createResetPoints()
    const app = await startApp(kind, {
      env: { REKEY_RESET_CALL_DEADLINE_SECONDS: '25' },
      app: { reached: points.reached },
    })
    points.once('sending', () => app.clock.advance(23_500))
    await seedGateway(app.database.store, app.tenant, {
      name: 'mail',
      channel: 'EMAIL',
      kind: 'smtp',
      settings: { url: `smtp://127.0.0.1:${gateway.port}`, from: 'it@acme.example', timeout_ms: 60_000 },
    })
    const alice = await app.addUser()
    const answer = await app.client.resetPassword(alice.id, 'EMAIL')
    expect(gateway.fired).toEqual(['after-dot'])
    expect(answer.status).toBe(400)
    expect(answer.headers.get('x-error-detail')).toBe('delivery_unknown')
    expect((await outcomeOf(app, alice)).states).toEqual(['unknown'])
    await Promise.all([app.close(), gateway.close()])
  })
})

/** Another node, whose clock says that every lease is over. */
async function recoverElsewhere(database: TestDatabase): Promise<void> {
  const clock = createTestClock()
  clock.advance(2 * MINUTE_MS)
  const store = await connectStore(database.url, { clock, migrate: 'never' })
  const { released } = await recoverResets(store, () => undefined)
  expect(released).toBe(1)
  await store.close()
}

/** A second server on the same database; `waits` tells how it lets time pass. */
async function openOther(
  app: TestApp,
  waits: number[],
): Promise<{ readonly app: App; readonly url: string }> {
  const clock: Clock = {
    ...createTestClock(),
    wait(delayMs) {
      waits.push(delayMs)
      return app.clock.wait(delayMs)
    },
  }
  const other = await openApp({
    settings: loadSettings({
      REKEY_DATABASE_URL: app.database.url,
      REKEY_MASTER_KEY: app.masterKey,
      REKEY_PORT: '0',
      REKEY_LOG_LEVEL: 'silent',
    }),
    clock,
    hashParameters: cheapHashParameters,
  })
  const { url } = await other.listen()
  return { app: other, url }
}
