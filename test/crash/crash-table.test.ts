import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ResetPoint } from '../../src/core/reset/reset-deps.ts'
import type { ResetState } from '../../src/core/reset/reset-state.ts'
import { type ApiClient, createApiClient } from '../support/api-client.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { type FaultySmtpServer, startFaultySmtpServer } from '../support/faulty-smtp-server.ts'
import { expectMustChange, expectRefused, expectSignsIn } from '../support/passwords.ts'
import { type SeededApplication, type SeededUser, seedApplication, seedUser } from '../support/seed-tenant.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import { readMailedPassword, seedDeliverableTenant } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Leases end three seconds after their call began, so that recovery is seen within the test. */
const shortLeases = { REKEY_RESET_CALL_DEADLINE_SECONDS: '2', REKEY_RESET_LEASE_GRACE_SECONDS: '1' }
/** Leases that no slow machine outlasts within a test. */
const longLeases = { ...shortLeases, REKEY_RESET_LEASE_GRACE_SECONDS: '60' }

interface Row {
  readonly point: ResetPoint
  /** What recovery finds, or leaves. Undefined: no reset at all. */
  readonly found: ResetState | undefined
  readonly message: 'none' | 'arrived'
  readonly oldPassword: 'works' | 'works until the new one is used' | 'void'
}

/** The reset protocol's crash table, row by row; the points are where the process is killed. */
const rows: readonly Row[] = [
  { point: 'before-prepared-commits', found: undefined, message: 'none', oldPassword: 'works' },
  { point: 'prepared', found: 'failed', message: 'none', oldPassword: 'works' },
  { point: 'sending', found: 'unknown', message: 'none', oldPassword: 'works' },
  { point: 'handing-over', found: 'unknown', message: 'none', oldPassword: 'works' },
  {
    point: 'gateway-answered',
    found: 'unknown',
    message: 'arrived',
    oldPassword: 'works until the new one is used',
  },
  {
    point: 'before-accepted-commits',
    found: 'unknown',
    message: 'arrived',
    oldPassword: 'works until the new one is used',
  },
  { point: 'accepted', found: 'accepted', message: 'arrived', oldPassword: 'void' },
]

describeEachDatabase('a server killed in the middle of a reset', (kind) => {
  const masterKey = randomBytes(32).toString('base64')
  let database: TestDatabase
  let smtp: SmtpSink
  let application: SeededApplication
  let alice: SeededUser
  const opened: { close(): Promise<void> }[] = []

  beforeEach(async () => {
    database = await openTestDatabase(kind)
    smtp = await startSmtpSink()
    const tenant = await seedDeliverableTenant(database, smtp.url, 'http://127.0.0.1:9/send')
    application = await seedApplication(database.store, tenant)
    alice = await seedUser(database.store, tenant)
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((resource) => resource.close()))
    await smtp.close()
    await database.close()
  })

  async function startServer(
    point?: ResetPoint,
    leases = shortLeases,
  ): Promise<{ server: ServerProcess; client: ApiClient }> {
    const server = await startServerProcess({
      databaseUrl: database.url,
      masterKey,
      env: leases,
      ...(point === undefined ? {} : { point }),
    })
    opened.push(server)
    return { server, client: createApiClient(server.url, application) }
  }

  async function stateOfReset(): Promise<ResetState | undefined> {
    const [reset] = await database.store.read.resets.list(alice.tenantId, alice.id, 1)
    return reset?.state
  }

  it.each(rows)(
    'at $point leaves the reset $found, the message $message, the old password: $oldPassword',
    async (row) => {
      const first = await startServer(row.point)
      await first.client.token() // so that nothing but the reset is under way
      await expect(first.client.resetPassword(alice.id, 'EMAIL')).rejects.toThrow('fetch failed')
      expect(await first.server.ended).toBe('SIGKILL')
      expect(first.server.firedPoint()).toBe(row.point)

      const second = await startServer()
      await waitUntil(async () => (await stateOfReset()) === row.found)
      expect(smtp.mails).toHaveLength(row.message === 'arrived' ? 1 : 0)
      if (row.oldPassword === 'void') {
        await expectRefused(second.client, alice.userName, alice.password)
      } else {
        await expectSignsIn(second.client, alice.userName, alice.password)
      }
      if (row.message === 'arrived') {
        await expectMustChange(second.client, alice.userName, await readMailedPassword(smtp))
        await expectRefused(second.client, alice.userName, alice.password)
        expect(await stateOfReset()).toBe('used')
      }
      // and the way is free for the caller's retry
      const retry = await second.client.resetPassword(alice.id, 'EMAIL')
      expect(retry.status).toBe(200)
      await expectMustChange(second.client, alice.userName, await readMailedPassword(smtp))
    },
  )

  it.each(['mid-body', 'after-dot'] as const)(
    'while the gateway is at %s leaves the reset unknown, and what arrived works',
    async (stage) => {
      const gateway: FaultySmtpServer = await startFaultySmtpServer({ fault: { at: stage, kind: 'hang' } })
      opened.push(gateway)
      await database.store.transaction((repositories) =>
        repositories.gateways.put({
          tenantId: alice.tenantId,
          name: 'mail',
          channel: 'EMAIL',
          kind: 'smtp',
          priority: 1,
          settings: JSON.stringify({ url: `smtp://127.0.0.1:${gateway.port}`, from: 'it@acme.example' }),
          disabled: false,
          version: Date.now() + 1,
        }),
      )
      const first = await startServer()
      await first.client.token()
      const lost = expect(first.client.resetPassword(alice.id, 'EMAIL')).rejects.toThrow('fetch failed')
      await waitUntil(async () => gateway.fired.includes(stage))
      first.server.kill('SIGKILL')
      await lost
      expect(await first.server.ended).toBe('SIGKILL')

      const second = await startServer()
      await waitUntil(async () => (await stateOfReset()) === 'unknown')
      await expectSignsIn(second.client, alice.userName, alice.password)
      if (stage === 'after-dot') {
        const password = /\[(\S+)\]/.exec(gateway.bodies)?.[1] ?? ''
        await expectMustChange(second.client, alice.userName, password)
        await expectRefused(second.client, alice.userName, alice.password)
      }
    },
  )

  it('lets no second process send while the first one may still live, and says when to come again', async () => {
    const first = await startServer('sending', longLeases)
    await first.client.token()
    await expect(first.client.resetPassword(alice.id, 'EMAIL')).rejects.toThrow('fetch failed')
    expect(await first.server.ended).toBe('SIGKILL')
    const second = await startServer(undefined, longLeases)
    expect(await stateOfReset()).toBe('sending')
    const answer = await second.client.resetPassword(alice.id, 'EMAIL')
    expect(answer.body.error_code).toBe('MSG.9002')
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await stateOfReset()).toBe('sending')
    expect(smtp.mails).toEqual([])
    await expectSignsIn(second.client, alice.userName, alice.password)
  })
})
