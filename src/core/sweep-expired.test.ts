import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { aSession, aStateToken } from '../../test/support/sample-rows.ts'
import { type SeededUser, seedApplication, seedTenant, seedUser } from '../../test/support/seed-tenant.ts'
import { createTestClock, type TestClock } from '../../test/support/test-clock.ts'
import type { Repositories, Store } from '../store/store.ts'
import { HOUR_MS, SECOND_MS } from './clock.ts'
import { sweepExpired } from './sweep-expired.ts'

const ROWS_PER_BATCH_MAX = 500
const tables = ['access_tokens', 'sessions', 'state_tokens', 'sign_in_failures', 'idempotency_keys'] as const
type Counts = Readonly<Record<(typeof tables)[number], number>>

describeEachDatabase('sweepExpired', (kind) => {
  let database: TestDatabase
  let clock: TestClock
  let user: SeededUser
  let applicationId: string

  beforeEach(async () => {
    clock = createTestClock()
    database = await openTestDatabase(kind, { clock })
    const tenant = await seedTenant(database.store)
    user = await seedUser(database.store, tenant)
    applicationId = (await seedApplication(database.store, tenant)).id
  })
  afterEach(() => database.close())

  /** One of each kind, over at `expiresAt`. */
  async function insertRows(repositories: Repositories, expiresAt: number): Promise<void> {
    const { tenantId } = user
    await repositories.accessTokens.insert({
      tenantId,
      tokenDigest: randomUUID(),
      applicationId,
      applicationVersion: 1,
      issuedAt: 0,
      expiresAt,
    })
    await repositories.sessions.insert(aSession(user, { expiresAt }))
    await repositories.sessions.insertStateToken(aStateToken(user, { expiresAt }))
    const subject = `name:${randomUUID()}`
    const lastFailedAt = expiresAt - 24 * HOUR_MS
    await repositories.signInFailures.put({
      tenantId,
      subject,
      failedCount: 1,
      lastFailedAt,
      lockedUntil: undefined,
    })
    await repositories.idempotencyKeys.put(
      {
        tenantId,
        applicationId,
        keyMac: randomUUID(),
        fingerprint: 'f',
        resetId: 'r',
        createdAt: expiresAt - 24 * HOUR_MS,
      },
      undefined,
    )
  }

  async function countRows(): Promise<Counts> {
    const counted = await Promise.all(
      tables.map(async (table) => {
        const [row] = await database.query(`select count(*) as n from ${table}`)
        return [table, Number(row?.n)] as const
      }),
    )
    return Object.fromEntries(counted) as Counts
  }

  const each = (count: number): Counts => ({
    access_tokens: count,
    sessions: count,
    state_tokens: count,
    sign_in_failures: count,
    idempotency_keys: count,
  })

  it('removes what is over and leaves what is not, of each kind', async () => {
    const now = await database.store.read.now()
    await database.store.transaction(async (repositories) => {
      await insertRows(repositories, now - SECOND_MS)
      await insertRows(repositories, now + HOUR_MS)
    })
    expect(await sweepExpired(database.store)).toBe(5)
    expect(await countRows()).toEqual(each(1))
    expect(await sweepExpired(database.store)).toBe(0)
    clock.advance(HOUR_MS + SECOND_MS)
    expect(await sweepExpired(database.store)).toBe(5)
    expect(await countRows()).toEqual(each(0))
  })

  it('leaves a lock that still holds, however old its failures are', async () => {
    const now = await database.store.read.now()
    const { tenantId, id } = user
    const subject = `user:${id}`
    await database.store.transaction((repositories) =>
      repositories.signInFailures.put({
        tenantId,
        subject,
        failedCount: 10,
        lastFailedAt: now - 48 * HOUR_MS,
        lockedUntil: now + HOUR_MS,
      }),
    )
    expect(await sweepExpired(database.store)).toBe(0)
    expect(await database.store.read.signInFailures.find(tenantId, subject)).toMatchObject({
      failedCount: 10,
    })
  })

  it('takes at most 500 rows of a kind in a transaction, and goes on until none is left', async () => {
    const now = await database.store.read.now()
    const count = 2 * ROWS_PER_BATCH_MAX + 1
    await database.store.transaction(async (repositories) => {
      for (let index = 0; index < count; index += 1) {
        await insertRows(repositories, now - SECOND_MS - index)
      }
    })
    const left: Counts[] = [each(count)]
    const recording: Store = {
      ...database.store,
      async transaction(work) {
        const result = await database.store.transaction(work)
        left.push(await countRows())
        return result
      },
    }
    expect(await sweepExpired(recording)).toBe(5 * count)
    expect(left).toEqual([each(count), each(count - 500), each(count - 1_000), each(0)])
  })

  it('on two nodes at once removes every row once', async () => {
    const now = await database.store.read.now()
    await database.store.transaction(async (repositories) => {
      for (let index = 0; index < 50; index += 1) {
        await insertRows(repositories, now - SECOND_MS)
      }
    })
    const removed = await Promise.all([sweepExpired(database.store), sweepExpired(database.store)])
    expect(removed[0] + removed[1]).toBe(250)
    expect(await countRows()).toEqual(each(0))
  })
})
