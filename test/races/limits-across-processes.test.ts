import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, createApiClient } from '../support/api-client.ts'
import { openTestDatabase, type TestDatabase, testDatabases } from '../support/databases.ts'
import { type SeededUser, seedApplication, seedUser } from '../support/seed-tenant.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { type SmsSink, startSmsSink } from '../support/sms-sink.ts'
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import { seedDeliverableTenant } from '../support/start-app.ts'

// SQLite is the database of one process
describe.runIf(testDatabases.includes('postgres'))('limits of two processes on one database', () => {
  let database: TestDatabase
  let sinks: readonly [SmtpSink, SmsSink]
  let servers: readonly ServerProcess[]
  /** Of one application, at each process. */
  let clients: readonly ApiClient[]
  let users: readonly SeededUser[]

  beforeAll(async () => {
    database = await openTestDatabase('postgres')
    sinks = [await startSmtpSink(), await startSmsSink()]
    const limits = { perApplicationPerHour: 9, smsPerDay: 5, perUserPerHour: 1 }
    const tenant = await seedDeliverableTenant(database, sinks[0].url, sinks[1].url, { limits })
    const application = await seedApplication(database.store, tenant)
    users = await Promise.all(Array.from({ length: 16 }, () => seedUser(database.store, tenant)))
    const masterKey = randomBytes(32).toString('base64')
    servers = await Promise.all(
      [1, 2].map(() => startServerProcess({ databaseUrl: database.url, masterKey })),
    )
    clients = servers.map((server) => createApiClient(server.url, application))
    await Promise.all(clients.map((client) => client.token()))
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()))
    await Promise.all(sinks.map((sink) => sink.close()))
    await database.close()
  })

  async function resetAll(sendMode: string): Promise<readonly number[]> {
    const answers = await Promise.all(
      users.map((user, at) => clients[at % clients.length]?.resetPassword(user.id, sendMode)),
    )
    return answers.map((answer) => answer?.status ?? 0).filter((status) => status !== 429)
  }

  it('hold together, for the tenant’s SMS and for an application', async () => {
    expect(await resetAll('SMS')).toEqual([200, 200, 200, 200, 200])
    expect(sinks[1].requests).toHaveLength(5)
    expect(await resetAll('EMAIL')).toEqual([200, 200, 200, 200])
    expect(sinks[0].mails).toHaveLength(4)
  })
})
