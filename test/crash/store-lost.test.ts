import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SECOND_MS } from '../../src/core/clock.ts'
import type { Answer } from '../support/api-client.ts'
import { testDatabases } from '../support/databases.ts'
import { expectMustChange, expectRefused, expectSignsIn } from '../support/passwords.ts'
import type { SeededUser } from '../support/seed-tenant.ts'
import { readMailedPasswords, type TestApp } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'
import { outcomeOf, type ResetOutcome } from './outcome-of.ts'
import { type AppBehindProxy, startBehindProxy } from './start-behind-proxy.ts'

const CALL_DEADLINE_MS = 25 * SECOND_MS
const LEASE_MS = CALL_DEADLINE_MS + 30 * SECOND_MS
/** The call has this little time left when the gateway has answered. */
const HASTE_MS = 300

const promotedOnce: ResetOutcome = {
  states: ['accepted'],
  attempts: ['accepted'],
  record: { 'reset.prepared': 1, 'reset.sending': 1, 'reset.accepted': 1 },
  mails: 1,
  passwordChanges: 1,
}

describe.runIf(testDatabases.includes('postgres'))('a database lost after the gateway has accepted', () => {
  let app: AppBehindProxy
  beforeAll(async () => {
    app = await startBehindProxy({
      env: { REKEY_RESET_CALL_DEADLINE_SECONDS: '25', REKEY_RESET_LEASE_GRACE_SECONDS: '30' },
    })
  })
  afterEach(() => {
    expect(app.points.allFired()).toBe(true)
    app.proxy.restore()
  })
  afterAll(() => app.close())

  function loseAndLeaveLittleTime(lose: () => void): void {
    app.points.once('gateway-answered', () => {
      lose()
      app.clock.advance(CALL_DEADLINE_MS - HASTE_MS)
    })
  }

  it('promotes once and answers 200 when the database comes back in time', async () => {
    const alice = await app.addUser()
    app.points.once('gateway-answered', () => {
      app.proxy.cut()
      const missed = app.proxy.turnedAway
      void waitUntil(async () => app.proxy.turnedAway > missed).then(app.proxy.restore)
    })
    const answer = await app.client.resetPassword(alice.id, 'EMAIL')
    expect(answer.status).toBe(200)
    await expectPromotedOnce(app, alice)
  })

  it('answers 503 at the deadline, and promotes when the database comes back within the lease', async () => {
    const alice = await app.addUser()
    loseAndLeaveLittleTime(app.proxy.cut)
    expectUnavailable(await app.client.resetPassword(alice.id, 'EMAIL'))
    expect((await outcomeOf(app, alice)).states).toEqual(['sending'])

    app.proxy.restore()
    await waitUntil(async () => (await outcomeOf(app, alice)).states[0] === 'accepted')
    await expectPromotedOnce(app, alice)
  })

  it('answers 503 at the deadline when the database says nothing any more', async () => {
    const alice = await app.addUser()
    loseAndLeaveLittleTime(app.proxy.freeze)
    const startedAt = performance.now()
    expectUnavailable(await app.client.resetPassword(alice.id, 'EMAIL'))
    expect(performance.now() - startedAt).toBeLessThan(5_000)

    app.proxy.restore()
    await waitUntil(async () => (await outcomeOf(app, alice)).states[0] === 'accepted')
    await expectPromotedOnce(app, alice)
  })
})

describe.runIf(testDatabases.includes('postgres'))('a server stopped while its database is away', () => {
  it('still writes down what the gateway has accepted when the database comes back', async () => {
    const app = await startBehindProxy()
    const alice = await app.addUser()
    app.points.once('gateway-answered', () => {
      app.proxy.cut()
      app.clock.advance(CALL_DEADLINE_MS - HASTE_MS)
    })
    expectUnavailable(await app.client.resetPassword(alice.id, 'EMAIL'))
    const stopped = app.app.close()
    const missed = app.proxy.turnedAway
    await waitUntil(async () => app.proxy.turnedAway > missed)
    app.proxy.restore()
    await stopped
    expect(await outcomeOf(app, alice)).toEqual(promotedOnce)
    await app.close()
  })
})

describe.runIf(testDatabases.includes('postgres'))('a database lost beyond the lease', () => {
  let app: AppBehindProxy
  beforeAll(async () => {
    // recovery comes along three times a second then
    app = await startBehindProxy({
      env: { REKEY_RESET_CALL_DEADLINE_SECONDS: '2', REKEY_RESET_LEASE_GRACE_SECONDS: '1' },
    })
  })
  afterAll(() => app.close())

  it('leaves the reset unknown, and both passwords work until the new one is used', async () => {
    const alice = await app.addUser()
    app.points.once('gateway-answered', app.proxy.cut)
    expectUnavailable(await app.client.resetPassword(alice.id, 'EMAIL'))
    app.clock.advance(LEASE_MS)
    // whatever was on its way to the database has failed when this has
    expect((await app.client.call('GET', '/health/ready')).status).toBe(503)

    app.proxy.restore()
    await waitUntil(async () => (await outcomeOf(app, alice)).states[0] === 'unknown')
    expect(await outcomeOf(app, alice)).toEqual({
      states: ['unknown'],
      attempts: [undefined],
      record: { 'reset.prepared': 1, 'reset.sending': 1, 'reset.unknown': 1 },
      mails: 1,
      passwordChanges: 0,
    })
    await expectSignsIn(app.client, alice.userName, alice.password)
    await expectMustChange(app.client, alice.userName, await mailedPassword(app, alice))
    await expectRefused(app.client, alice.userName, alice.password)
    expect((await outcomeOf(app, alice)).states).toEqual(['used'])
  })
})

function expectUnavailable(answer: Answer): void {
  expect(answer.status).toBe(503)
  expect(answer.body).toMatchObject({ error_code: 'REQUEST.9012' })
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
}

async function expectPromotedOnce(app: TestApp, user: SeededUser): Promise<void> {
  expect(await outcomeOf(app, user)).toEqual(promotedOnce)
  await expectRefused(app.client, user.userName, user.password)
  await expectMustChange(app.client, user.userName, await mailedPassword(app, user))
}

async function mailedPassword(app: TestApp, user: SeededUser): Promise<string> {
  const [password] = await readMailedPasswords(app.smtp, user.email ?? '')
  return password ?? ''
}
