import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SECOND_MS } from '../../src/core/clock.ts'
import { LINE_WAIT_MS_MAX } from '../../src/store/line.ts'
import { createApiClient } from '../support/api-client.ts'
import { openTestDatabase } from '../support/databases.ts'
import { expectMustChange, expectRefused } from '../support/passwords.ts'
import { seedApplication, seedUser } from '../support/seed-tenant.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { startSmtpSink } from '../support/smtp-sink.ts'
import { readMailedPasswords, seedDeliverableTenant, startApp, type TestApp } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'
import { outcomeOf, type ResetOutcome } from './outcome-of.ts'
import { createResetPoints } from './reset-points.ts'

const promotedOnce: ResetOutcome = {
  states: ['accepted'],
  attempts: ['accepted'],
  record: { 'reset.prepared': 1, 'reset.sending': 1, 'reset.accepted': 1 },
  mails: 1,
  passwordChanges: 1,
}

describe('a SQLite file that another process keeps locked after the gateway has accepted', () => {
  const points = createResetPoints()
  let app: TestApp
  let other: DatabaseSync
  beforeAll(async () => {
    app = await startApp('sqlite', { app: { reached: points.reached } })
    other = new DatabaseSync(fileOf(app.database.url))
    await app.client.token()
  })
  afterEach(() => {
    expect(points.allFired()).toBe(true)
  })
  afterAll(async () => {
    other.close()
    await app.close()
  })

  it('promotes once and answers 200 when it is let go beyond the wait and before the deadline', async () => {
    const alice = await app.addUser()
    points.once('gateway-answered', () => {
      other.exec('BEGIN IMMEDIATE')
      // after this turn the write waits; then it has waited for too long, and only a repeated one can succeed
      setImmediate(() => {
        app.clock.advance(LINE_WAIT_MS_MAX)
        setTimeout(() => other.exec('COMMIT'), 100)
      })
    })
    const answer = await app.client.resetPassword(alice.id, 'EMAIL')
    expect(answer.status).toBe(200)
    expect(await outcomeOf(app, alice)).toEqual(promotedOnce)
    await expectRefused(app.client, alice.userName, alice.password)
    const [password] = await readMailedPasswords(app.smtp, alice.email ?? '')
    await expectMustChange(app.client, alice.userName, password ?? '')
  })

  it('answers 503 at the deadline, and promotes when it is let go within the lease', async () => {
    const alice = await app.addUser()
    points.once('gateway-answered', () => {
      other.exec('BEGIN IMMEDIATE')
      app.clock.advance(24.7 * SECOND_MS)
    })
    const answer = await app.client.resetPassword(alice.id, 'EMAIL')
    expect(answer.status).toBe(503)
    expect(answer.body).toMatchObject({ error_code: 'REQUEST.9012' })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await outcomeOf(app, alice)).states).toEqual(['sending'])

    other.exec('COMMIT')
    await waitUntil(async () => (await outcomeOf(app, alice)).states[0] === 'accepted')
    expect(await outcomeOf(app, alice)).toEqual(promotedOnce)
    const [password] = await readMailedPasswords(app.smtp, alice.email ?? '')
    await expectMustChange(app.client, alice.userName, password ?? '')
  })
})

describe('a disk that is full after the gateway has accepted', () => {
  it('promotes once and answers 200 when there is room again before the deadline', async () => {
    const database = await openTestDatabase('sqlite')
    let server: ServerProcess | undefined
    const hasMetTrouble = async () => server?.output().includes('a reset met trouble') === true
    const smtp = await startSmtpSink({
      beforeAnswer: async () => {
        // the server's files may not grow: what a full disk does to it, and needs no administrator
        limitFileSize(server, String(statSync(`${fileOf(database.url)}-wal`).size))
        void waitUntil(hasMetTrouble).then(() => limitFileSize(server, 'unlimited'))
      },
    })
    const tenant = await seedDeliverableTenant(database, smtp.url, 'http://127.0.0.1:9/send')
    const application = await seedApplication(database.store, tenant)
    const alice = await seedUser(database.store, tenant)
    server = await startServerProcess({
      databaseUrl: database.url,
      masterKey: randomBytes(32).toString('base64'),
      isCommand: true,
    })
    const client = createApiClient(server.url, application)
    const answer = await client.resetPassword(alice.id, 'EMAIL')
    expect(answer.status).toBe(200)
    expect(await outcomeOf({ database, smtp }, alice)).toEqual(promotedOnce)
    expect(await hasMetTrouble()).toBe(true)
    await expectRefused(client, alice.userName, alice.password)
    const [password] = await readMailedPasswords(smtp, alice.email ?? '')
    await expectMustChange(client, alice.userName, password ?? '')
    await Promise.all([server.close(), smtp.close()])
    await database.close()
  })
})

/** Of a running process; only the limit that counts, so that it can be lifted again. */
function limitFileSize(server: ServerProcess | undefined, size: string): void {
  execFileSync('prlimit', [`--pid=${server?.pid}`, `--fsize=${size}:unlimited`])
}

function fileOf(url: string): string {
  return url.slice('sqlite:'.length)
}
