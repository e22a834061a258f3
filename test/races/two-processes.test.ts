import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type ApiClient, createApiClient } from '../support/api-client.ts'
import { openTestDatabase, type TestDatabase, testDatabases } from '../support/databases.ts'
import { expectMustChange, expectRefused } from '../support/passwords.ts'
import { type SeededApplication, type SeededUser, seedApplication, seedUser } from '../support/seed-tenant.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { type SmsSink, startSmsSink } from '../support/sms-sink.ts'
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import { seedDeliverableTenant } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'
import { expectOneInFlightAtATime, expectOnlyNewestWorks } from './expect-newest-works.ts'
import { createGate } from './gate.ts'
import { comeBack, listResets, makePatient, readDelivered } from './race-app.ts'

const MSG_9002 = '{"error_code":"MSG.9002","error_msg":"Another reset of this user is in progress"}'

// SQLite is the database of one process
describe.runIf(testDatabases.includes('postgres'))('processes on one PostgreSQL database', () => {
  const gate = createGate()
  let database: TestDatabase
  let sinks: { readonly smtp: SmtpSink; readonly sms: SmsSink }
  let applications: readonly SeededApplication[]
  let addUser: () => Promise<SeededUser>
  let servers: readonly ServerProcess[]
  /** Of the first application: at two equal processes, and at one whose calls end after 2 s. */
  let clients: readonly [ApiClient, ApiClient]
  let hurried: ApiClient

  beforeAll(async () => {
    database = await openTestDatabase('postgres')
    sinks = { smtp: await startSmtpSink({ beforeAnswer: gate.pass }), sms: await startSmsSink() }
    sinks.sms.beforeAnswer = gate.pass
    const tenant = await seedDeliverableTenant(database, sinks.smtp.url, sinks.sms.url, {
      // they would be held at the gate too
      notices: { passwordChanged: false, contactChanged: false, accountLocked: false },
    })
    await makePatient(database.store, tenant, sinks)
    addUser = () => seedUser(database.store, tenant)
    applications = await Promise.all([1, 2, 3].map(() => seedApplication(database.store, tenant)))
    const masterKey = randomBytes(32).toString('base64')
    const envs = [{}, {}, { REKEY_RESET_CALL_DEADLINE_SECONDS: '2' }]
    servers = await Promise.all(
      envs.map((env) => startServerProcess({ databaseUrl: database.url, masterKey, env })),
    )
    clients = [clientOf(0, 0), clientOf(1, 0)]
    hurried = clientOf(2, 0)
    await Promise.all([...clients, hurried].map((client) => client.token()))
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()))
    await Promise.all([sinks.smtp.close(), sinks.sms.close()])
    await database.close()
  })

  function clientOf(server: number, application: number): ApiClient {
    const credentials = applications[application]
    if (credentials === undefined) {
      throw new Error('no such application')
    }
    return createApiClient(servers[server]?.url ?? '', credentials)
  }

  function expectInProgress(answer: Answer): void {
    expect(answer.text).toBe(MSG_9002)
    expect(answer.status).toBe(400)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  }

  /** Resolves when the process that does not send looks after the reset of the one that does. */
  async function isFollowed(): Promise<void> {
    const [clock] = await database.query('select clock_timestamp()::text as now')
    await waitUntil(async () => {
      // the sending process reads no reset while the gateway holds its answer
      const reads = await database.query(
        `select 1 from pg_stat_activity where datname = current_database() and query_start > $1::timestamptz
         and query like '%from "resets" where "tenant_id" = $1 and "id" = $2'`,
        [String(clock?.now)],
      )
      return reads.length > 0
    })
  }

  it('answer ten equal calls at once alike, with one message', async () => {
    const alice = await addUser()
    gate.shut()
    const calls = Array.from({ length: 10 }, async (_call, at) =>
      clients[at < 5 ? 0 : 1].resetPassword(alice.id, 'EMAIL'),
    )
    await waitUntil(async () => gate.held === 1)
    await isFollowed()
    await comeBack(clients, alice)
    gate.open()
    const answers = await Promise.all(calls)

    const [reset, ...others] = await listResets(database.store, alice)
    expect(others).toEqual([])
    for (const answer of answers) {
      expect(answer.status).toBe(200)
      expect(answer.text).toBe(`{"user_id":"${alice.id}"}`)
      expect(answer.headers.get('x-reset-id')).toBe(reset?.id)
    }
    const delivered = await readDelivered(sinks, alice)
    expect([...delivered.keys()]).toEqual([reset?.id])
    for (const client of clients) {
      await expectRefused(client, alice.userName, alice.password)
      await expectMustChange(client, alice.userName, delivered.get(reset?.id ?? '') ?? '')
    }
  })

  it('let ten calls of different modes and applications take turns; the newest password works', async () => {
    const alice = await addUser()
    const everyone = [0, 1].map((server) =>
      applications.map((_application, at) => clientOf(server, at)),
    ) as readonly (readonly ApiClient[])[]
    await Promise.all(everyone.flat().map((client) => client.token()))
    const calls = Array.from({ length: 10 }, async (_call, at) =>
      everyone[at % 2]?.[at % 3]?.resetPassword(alice.id, at % 4 < 2 ? 'EMAIL' : 'SMS'),
    )
    const answers = await Promise.all(calls)
    expect(answers.map((answer) => answer?.text)).toEqual(calls.map(() => `{"user_id":"${alice.id}"}`))
    const resets = await listResets(database.store, alice)
    expect(resets.length).toBeGreaterThanOrEqual(6)
    expectOneInFlightAtATime(resets)
    await expectOnlyNewestWorks(clients[1], alice, resets, await readDelivered(sinks, alice))
  })

  it('answer calls with one Idempotency-Key at both alike, in flight and afterwards, with one message', async () => {
    const alice = await addUser()
    const key = { 'idempotency-key': randomUUID() }
    gate.shut()
    const leading = clients[0].resetPassword(alice.id, 'EMAIL', key)
    await waitUntil(async () => gate.held === 1)
    const repeat = clients[1].resetPassword(alice.id, 'EMAIL', key)
    await isFollowed()
    gate.open()
    const answers = [await leading, await repeat, await clients[1].resetPassword(alice.id, 'EMAIL', key)]
    const [reset, ...others] = await listResets(database.store, alice)
    expect(others).toEqual([])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(answers.map(({ headers }) => headers.get('x-reset-id'))).toEqual(answers.map(() => reset?.id))
    const replayed = answers.map(({ headers }) => headers.get('idempotent-replayed'))
    expect(replayed).toEqual([null, 'true', 'true'])
    expect((await readDelivered(sinks, alice)).size).toBe(1)
  })

  const revoke = (client: ApiClient, user: SeededUser, sendMode = 'EMAIL') =>
    client.resetPassword(user.id, sendMode, {}, 'revoke-now')

  it('answer equal calls that revoke at once alike, with one message, whose password alone signs in', async () => {
    const alice = await addUser()
    gate.shut()
    const calls = Array.from({ length: 6 }, (_call, at) => revoke(clients[at % 2 === 0 ? 0 : 1], alice))
    await waitUntil(async () => gate.held === 1)
    await isFollowed()
    await comeBack(clients, alice)
    // revoked already, and nothing else was sent
    await expectRefused(clients[0], alice.userName, alice.password)
    expect(gate.held).toBe(1)
    gate.open()
    const answers = await Promise.all(calls)
    const resets = await listResets(database.store, alice)
    expect(resets.map(({ state }) => state)).toEqual(['accepted'])
    for (const answer of answers) {
      expect([answer.status, answer.text]).toEqual([200, `{"user_id":"${alice.id}"}`])
      expect(answer.headers.get('x-reset-id')).toBe(resets[0]?.id)
    }
    await expectOnlyNewestWorks(clients[1], alice, resets, await readDelivered(sinks, alice))
  })

  it('let of two different calls that revoke at once the later one win, and tell the other so', async () => {
    const alice = await addUser()
    const other = clientOf(1, 1)
    await other.token()
    gate.shut()
    const calls = [revoke(clients[0], alice), revoke(other, alice, 'SMS')]
    await waitUntil(async () => gate.held === 2)
    gate.open()
    const answers = await Promise.all(calls)
    const resets = await listResets(database.store, alice)
    expect(resets.map(({ state }) => state)).toEqual(['superseded', 'accepted'])
    const won = answers.findIndex(({ status }) => status === 200)
    expect(answers[won]?.headers.get('x-reset-id')).toBe(resets[1]?.id)
    const lost = answers[1 - won]
    expect([lost?.status, lost?.body.error_code, lost?.headers.get('x-error-detail')]).toEqual([
      ...[400, 'MSG.0001', 'superseded'],
    ])
    await expectOnlyNewestWorks(clients[0], alice, resets, await readDelivered(sinks, alice))
  })

  it('send a call away whose own deadline ends first, be it equal or not; the leading one is answered', async () => {
    const alice = await addUser()
    gate.shut()
    const leading = clients[0].resetPassword(alice.id, 'EMAIL')
    await waitUntil(async () => gate.held === 1)
    const late = await Promise.all(['EMAIL', 'SMS'].map((mode) => hurried.resetPassword(alice.id, mode)))
    late.map(expectInProgress)
    gate.open()
    expect((await leading).text).toBe(`{"user_id":"${alice.id}"}`)
    const resets = await listResets(database.store, alice)
    expect(resets).toHaveLength(1)
    await expectOnlyNewestWorks(hurried, alice, resets, await readDelivered(sinks, alice))
  })
})
