import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createGate } from '../races/gate.ts'
import { type ApiClient, createApiClient } from '../support/api-client.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { type SeededApplication, type SeededUser, seedApplication, seedUser } from '../support/seed-tenant.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { type SmsSink, startSmsSink } from '../support/sms-sink.ts'
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import { seedDeliverableTenant } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'

// each of these starts the server several times, on whatever machine runs the tests
vi.setConfig({ testTimeout: 120_000 })

describeEachDatabase('a server killed directly after the gateway took a notice', (kind) => {
  const masterKey = randomBytes(32).toString('base64')
  const gate = createGate()
  let database: TestDatabase
  let sinks: { readonly smtp: SmtpSink; readonly sms: SmsSink }
  let application: SeededApplication
  let addUser: () => Promise<SeededUser>
  let server: ServerProcess | undefined

  beforeEach(async () => {
    database = await openTestDatabase(kind)
    sinks = { smtp: await startSmtpSink({ beforeAnswer: gate.pass }), sms: await startSmsSink() }
    const tenant = await seedDeliverableTenant(database, sinks.smtp.url, sinks.sms.url)
    application = await seedApplication(database.store, tenant)
    addUser = () => seedUser(database.store, tenant)
  })
  afterEach(async () => {
    gate.open()
    await server?.close()
    await Promise.all([sinks.smtp.close(), sinks.sms.close()])
    await database.close()
  })

  async function startServer(): Promise<ApiClient> {
    server = await startServerProcess({ databaseUrl: database.url, masterKey })
    return createApiClient(server.url, application)
  }

  /** The whole message is with the gateway, whose answer never comes to anybody. */
  async function killAfterHandOver(): Promise<void> {
    await waitUntil(async () => gate.held > 0)
    server?.kill('SIGKILL')
    expect(await server?.ended).toBe('SIGKILL')
    await server?.close()
    gate.open()
    gate.shut()
  }

  /** As if its two minutes were over. */
  const endLease = ({ id }: SeededUser) =>
    database.query('update notices set due_at = 1 where user_id = $1 returning id', [id])
  const noticesOf = ({ id }: SeededUser) =>
    database.query('select attempts, unsettled_attempts from notices where user_id = $1', [id])
  const mailsTo = ({ email }: SeededUser) =>
    sinks.smtp.mails.filter(({ to }) => to.includes(email ?? '')).length
  const recordOf = async (user: SeededUser) =>
    (await database.store.read.audit.list(user.tenantId, 1_000))
      .filter(({ action, targetId }) => action.startsWith('notice.') && targetId === user.id)
      .map(({ action, detail }) => `${action} ${String(detail.reason ?? detail.gateway)}`)

  it('leaves it alone while the lease lasts, sends it once more afterwards, and never a third time', async () => {
    const alice = await addUser()
    gate.shut()
    const first = await startServer()
    expect((await first.resetPassword(alice.id, 'SMS')).status).toBe(200)
    await killAfterHandOver()
    expect([mailsTo(alice), await recordOf(alice)]).toEqual([1, []])

    gate.open()
    const second = await startServer()
    const bob = await addUser()
    await second.resetPassword(bob.id, 'SMS')
    await waitUntil(async () => (await recordOf(bob)).length > 0) // the notices that are due were sent
    expect(mailsTo(alice)).toBe(1)
    gate.shut()
    await endLease(alice)
    await killAfterHandOver()
    expect(mailsTo(alice)).toBe(2)

    gate.open()
    await endLease(alice)
    await startServer()
    await waitUntil(async () => (await noticesOf(alice)).length === 0)
    expect(mailsTo(alice)).toBe(2)
    expect(await recordOf(alice)).toEqual(['notice.given_up interrupted'])
  })

  it('sends it exactly twice where the next server lives, and says on record that it was sent', async () => {
    const alice = await addUser()
    gate.shut()
    const first = await startServer()
    expect((await first.resetPassword(alice.id, 'SMS')).status).toBe(200)
    await killAfterHandOver()
    gate.open()
    await endLease(alice)
    await startServer()
    await waitUntil(async () => (await noticesOf(alice)).length === 0)
    expect(mailsTo(alice)).toBe(2)
    expect(await recordOf(alice)).toEqual(['notice.sent mail'])
  })
})
