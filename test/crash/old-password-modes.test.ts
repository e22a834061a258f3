import { randomBytes, randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listResets } from '../../src/core/reset/list-resets.ts'
import type { ResetPoint } from '../../src/core/reset/reset-deps.ts'
import type { OldPasswordMode } from '../../src/core/tenants/tenant.ts'
import { type ApiClient, createApiClient } from '../support/api-client.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { type SeededApplication, type SeededUser, seedApplication, seedUser } from '../support/seed-tenant.ts'
import { type ServerProcess, startServerProcess } from '../support/server-process.ts'
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts'
import { readMailedPasswords, seedDeliverableTenant } from '../support/start-app.ts'
import { waitUntil } from '../support/wait-until.ts'

/** Leases end six seconds after their call began: most are over when the last server was killed. */
const shortLeases = { REKEY_RESET_CALL_DEADLINE_SECONDS: '5', REKEY_RESET_LEASE_GRACE_SECONDS: '1' }

const points: readonly ResetPoint[] = [
  'before-prepared-commits',
  'prepared',
  'sending',
  'handing-over',
  'gateway-answered',
  'before-accepted-commits',
  'accepted',
]

/** What recovery leaves of a reset that was killed at a point, and what sign-in and the caller's repeat then say. */
interface Row {
  readonly reset: string
  readonly messages: number
  readonly passwordState: string
  readonly oldPassword: string
  /** Of the same call with the same Idempotency-Key: status or detail, and whether it was a replay. */
  readonly repeat: string
  /** Of the newest password that arrived, the repeat's message included. */
  readonly newPassword: string
  readonly oldPasswordAfterwards: string
}

const works = 'SUCCESS'
const isVoid = 'SDK.LOGIN.1005'
const sent = { repeat: '200, sent', newPassword: 'PASSWORD_EXPIRED', oldPasswordAfterwards: isVoid }
const arrived = { messages: 1, newPassword: 'PASSWORD_EXPIRED', oldPasswordAfterwards: isVoid }
const lost = { messages: 0, newPassword: 'none arrived' }
const untouched: Row = {
  reset: 'none',
  messages: 0,
  passwordState: 'own',
  oldPassword: works,
  ...sent,
}

const kept = { passwordState: 'own', oldPassword: works }
const keptUnknown = { ...kept, reset: 'unknown', repeat: 'delivery_unknown, replayed' }
const revoked = { passwordState: 'none', oldPassword: isVoid, oldPasswordAfterwards: isVoid }
const revokedUnknown = { ...revoked, reset: 'unknown', repeat: 'revoked_unknown, replayed' }

/** The reset protocol's crash table for the modes beside the default, row by row. */
const tables: Readonly<
  Record<'keep-until-used' | 'revoke-now', Readonly<Record<(typeof points)[number], Row>>>
> = {
  'keep-until-used': {
    'before-prepared-commits': untouched,
    prepared: { ...untouched, reset: 'failed' },
    sending: { ...keptUnknown, ...lost, oldPasswordAfterwards: works },
    'handing-over': { ...keptUnknown, ...lost, oldPasswordAfterwards: works },
    'gateway-answered': { ...keptUnknown, ...arrived },
    'before-accepted-commits': { ...keptUnknown, ...arrived },
    accepted: { ...kept, ...arrived, reset: 'accepted', repeat: '200, replayed' },
  },
  'revoke-now': {
    'before-prepared-commits': untouched,
    prepared: { ...revoked, ...sent, reset: 'failed', messages: 0 },
    sending: { ...revokedUnknown, ...lost },
    'handing-over': { ...revokedUnknown, ...lost },
    'gateway-answered': { ...revokedUnknown, ...arrived },
    'before-accepted-commits': { ...revokedUnknown, ...arrived },
    accepted: {
      ...revoked,
      ...arrived,
      reset: 'accepted',
      passwordState: 'delivered_unused',
      repeat: '200, replayed',
    },
  },
}

describeEachDatabase('a server killed in the middle of a reset with an Idempotency-Key', (kind) => {
  const masterKey = randomBytes(32).toString('base64')
  let database: TestDatabase
  let smtp: SmtpSink
  let application: SeededApplication
  let addUser: () => Promise<SeededUser>
  const opened: { close(): Promise<void> }[] = []

  beforeEach(async () => {
    database = await openTestDatabase(kind)
    smtp = await startSmtpSink()
    const tenant = await seedDeliverableTenant(database, smtp.url, 'http://127.0.0.1:9/send', {
      oldPassword: 'keep-until-used',
    })
    application = await seedApplication(database.store, tenant)
    addUser = () => seedUser(database.store, tenant)
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((resource) => resource.close()))
    await smtp.close()
    await database.close()
  })

  async function startServer(
    point?: ResetPoint,
  ): Promise<{ readonly server: ServerProcess; readonly client: ApiClient }> {
    const server = await startServerProcess({
      databaseUrl: database.url,
      masterKey,
      env: shortLeases,
      ...(point === undefined ? {} : { point }),
    })
    opened.push(server)
    return { server, client: createApiClient(server.url, application) }
  }

  const mailedTo = (user: SeededUser) => readMailedPasswords(smtp, user.email ?? '')
  const newestReset = async (user: SeededUser) =>
    (await database.store.read.resets.list(user.tenantId, user.id, 1))[0]

  async function signIn(client: ApiClient, user: SeededUser, password: string): Promise<string> {
    const { body } = await client.signIn(user.userName, password)
    return String(body.status ?? body.error_code)
  }

  async function observe(client: ApiClient, user: SeededUser, repeat: () => Promise<string>): Promise<Row> {
    const current = await database.store.read.users.findWithCredential(user.tenantId, user.id)
    const { passwordState } = await listResets(database.store, current ?? user, 1)
    const found = {
      reset: (await newestReset(user))?.state ?? 'none',
      messages: (await mailedTo(user)).length,
      passwordState: passwordState.kind,
      oldPassword: await signIn(client, user, user.password),
      repeat: await repeat(),
    }
    const newest = (await mailedTo(user)).at(-1)
    return {
      ...found,
      newPassword: newest === undefined ? 'none arrived' : await signIn(client, user, newest),
      oldPasswordAfterwards: await signIn(client, user, user.password),
    }
  }

  const reset = (client: ApiClient, user: SeededUser, mode: OldPasswordMode, key: string) =>
    client.resetPassword(user.id, 'EMAIL', { 'idempotency-key': key }, mode)

  it.each(['keep-until-used', 'revoke-now'] as const)(
    'leaves with %s what the crash table says, wherever it was killed',
    async (mode) => {
      const killed: { readonly point: ResetPoint; readonly user: SeededUser; readonly key: string }[] = []
      const waiting = points.values()
      async function killOneAfterAnother(): Promise<void> {
        for (const point of waiting) {
          const [user, key] = [await addUser(), randomUUID()]
          const { server, client } = await startServer(point)
          await client.token() // so that nothing but the reset is under way
          await expect(reset(client, user, mode, key)).rejects.toThrow('fetch failed')
          expect(await server.ended).toBe('SIGKILL')
          expect(server.firedPoint()).toBe(point)
          killed.push({ point, user, key })
        }
      }
      await Promise.all([killOneAfterAnother(), killOneAfterAnother()])

      const { client } = await startServer()
      const found: Partial<Record<ResetPoint, Row>> = {}
      for (const { point, user, key } of killed) {
        await waitUntil(async () => (await newestReset(user))?.leaseExpiresAt === undefined)
        found[point] = await observe(client, user, async () => {
          const answer = await reset(client, user, mode, key)
          const isReplayed = answer.headers.get('idempotent-replayed') === 'true'
          const said = answer.status === 200 ? '200' : answer.headers.get('x-error-detail')
          return `${said}, ${isReplayed ? 'replayed' : 'sent'}`
        })
      }
      expect(found).toEqual(tables[mode])
    },
    120_000, // eight servers start one after another, on whatever machine runs the tests
  )
})
