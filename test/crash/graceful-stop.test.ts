import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { describe, expect, it, type TestContext } from 'vitest'
import { openApp } from '../../src/app.ts'
import { loadSettings } from '../../src/config/load.ts'
import { MINUTE_MS, SECOND_MS } from '../../src/core/clock.ts'
import { type ApiClient, createApiClient } from '../support/api-client.ts'
import {
  openTestDatabase,
  type TestDatabase,
  type TestDatabaseKind,
  testDatabases,
} from '../support/databases.ts'
import { startFaultySmtpServer } from '../support/faulty-smtp-server.ts'
import { expectMustChange, expectRefused, expectSignsIn } from '../support/passwords.ts'
import {
  cheapHashParameters,
  type SeededApplication,
  type SeededUser,
  seedApplication,
  seedGateway,
  seedUser,
} from '../support/seed-tenant.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { startSmtpSink } from '../support/smtp-sink.ts'
import { readMailedPassword, seedDeliverableTenant } from '../support/start-app.ts'
import { createTestClock } from '../support/test-clock.ts'
import { waitUntil } from '../support/wait-until.ts'
import { outcomeOf } from './outcome-of.ts'

// at once, because they mostly wait
describe.concurrent('rekey serve, told to stop in the middle of a reset', { timeout: 60_000 }, () => {
  it.for(testDatabases)(
    'takes no new connection, answers the reset, and ends with 0 (%s)',
    async (kind, test) => {
      let answerMail: () => void = () => undefined
      const mayAnswer = new Promise<void>((resolve) => {
        answerMail = resolve
      })
      const smtp = await startSmtpSink({ beforeAnswer: () => mayAnswer })
      test.onTestFinished(smtp.close)
      const { database, server, client, alice, openNext } = await startServer(kind, smtp.url, test)
      const answered = client.resetPassword(alice.id, 'EMAIL')
      await waitUntil(async () => smtp.mails.length === 1)

      const toldAt = performance.now()
      server.kill('SIGTERM')
      await waitUntil(() => isTurnedAway(server.url))
      answerMail()
      const answer = await answered
      expect(answer.status).toBe(200)
      expect(await server.ended).toBe('0')
      // the client would keep its connection for a next request: that must not hold up the end
      expect(performance.now() - toldAt).toBeLessThan(8 * SECOND_MS)
      expect(await outcomeOf({ database, smtp }, alice)).toEqual({
        states: ['accepted'],
        attempts: ['accepted'],
        record: { 'reset.prepared': 1, 'reset.sending': 1, 'reset.accepted': 1 },
        mails: 1,
        passwordChanges: 1,
      })
      const next = await openNext()
      await expectRefused(next, alice.userName, alice.password)
      await expectMustChange(next, alice.userName, await readMailedPassword(smtp))
    },
  )

  it.for(testDatabases)(
    'waits 10 s for a gateway that hangs; the reset is then unknown (%s)',
    async (kind, test) => {
      const gateway = await startFaultySmtpServer({ fault: { at: 'after-dot', kind: 'hang' } })
      test.onTestFinished(gateway.close)
      const smtpUrl = `smtp://127.0.0.1:${gateway.port}`
      const { database, server, client, alice, openNext } = await startServer(kind, smtpUrl, test)
      const lost = expect(client.resetPassword(alice.id, 'EMAIL')).rejects.toThrow('fetch failed')
      await waitUntil(async () => gateway.fired.includes('after-dot'))

      const toldAt = performance.now()
      server.kill('SIGTERM')
      expect(await server.ended).toBe('0')
      const tookMs = performance.now() - toldAt
      expect(tookMs).toBeGreaterThan(9.5 * SECOND_MS)
      expect(tookMs).toBeLessThan(13 * SECOND_MS)
      await lost

      const next = await openNext()
      const [reset] = await database.store.read.resets.list(alice.tenantId, alice.id, 1)
      expect(reset?.state).toBe('unknown')
      await expectSignsIn(next, alice.userName, alice.password)
      await expectMustChange(next, alice.userName, /\[(\S+)\]/.exec(gateway.bodies)?.[1] ?? '')
      await expectRefused(next, alice.userName, alice.password)
    },
  )
})

interface Started {
  readonly database: TestDatabase
  readonly server: ServerProcess
  readonly client: ApiClient
  readonly alice: SeededUser
  /** The same installation, started again when every lease is over. */
  openNext(): Promise<ApiClient>
}

/** The real command over a fresh database, its client's token already fetched. */
async function startServer(kind: TestDatabaseKind, smtpUrl: string, test: TestContext): Promise<Started> {
  const database = await openTestDatabase(kind)
  test.onTestFinished(database.close)
  const tenant = await seedDeliverableTenant(database, smtpUrl, 'http://127.0.0.1:9/send')
  await seedGateway(database.store, tenant, {
    name: 'mail',
    channel: 'EMAIL',
    kind: 'smtp',
    settings: { url: smtpUrl, from: 'it@acme.example', timeout_ms: 60_000 },
  })
  const application = await seedApplication(database.store, tenant)
  const alice = await seedUser(database.store, tenant)
  const masterKey = randomBytes(32).toString('base64')
  const server = await startServerProcess({ databaseUrl: database.url, masterKey, isCommand: true })
  test.onTestFinished(server.close)
  const client = createApiClient(server.url, application)
  await client.token()
  const openNext = () => openLater(database, masterKey, application, test)
  return { database, server, client, alice, openNext }
}

async function openLater(
  database: TestDatabase,
  masterKey: string,
  application: SeededApplication,
  test: TestContext,
): Promise<ApiClient> {
  const clock = createTestClock()
  clock.advance(2 * MINUTE_MS)
  const app = await openApp({
    settings: loadSettings({
      REKEY_DATABASE_URL: database.url,
      REKEY_MASTER_KEY: masterKey,
      REKEY_PORT: '0',
      REKEY_LOG_LEVEL: 'silent',
    }),
    clock,
    hashParameters: cheapHashParameters,
  })
  test.onTestFinished(app.close)
  return createApiClient((await app.listen()).url, application)
}

async function isTurnedAway(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return await new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', () => resolve(true))
  })
}
