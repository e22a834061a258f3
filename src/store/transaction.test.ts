import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  describeEachDatabase,
  openTestDatabase,
  type TestDatabase,
  testDatabases,
} from '../../test/support/databases.ts'
import { runOnCluster } from '../../test/support/postgres-cluster.ts'
import { seedTenant, seedUser } from '../../test/support/seed-tenant.ts'
import { openTcpProxy } from '../../test/support/tcp-proxy.ts'
import { systemClock } from '../core/clock.ts'
import type { Tenant } from '../core/tenants/tenant.ts'
import { CommitInDoubtError, StoreUnavailableError } from '../errors/store-error.ts'
import { type ConnectOptions, connectStore } from './connect.ts'
import type { Repositories, Store } from './store.ts'

function countFailure(repositories: Repositories, tenant: Tenant, subject: string): Promise<void> {
  const counts = { failedCount: 1, lastFailedAt: 1, lockedUntil: undefined }
  return repositories.signInFailures.put({ tenantId: tenant.id, subject, ...counts })
}

async function isCounted(store: Store, tenant: Tenant, subject: string): Promise<boolean> {
  return (await store.read.signInFailures.find(tenant.id, subject)) !== undefined
}

/** A store on the same database, closed after the test's work. */
async function withStore<T>(
  url: string,
  options: Omit<ConnectOptions, 'clock' | 'migrate'>,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await connectStore(url, { clock: systemClock, migrate: 'never', ...options })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

describeEachDatabase('transactions', (kind) => {
  let database: TestDatabase
  let tenant: Tenant
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    tenant = await seedTenant(database.store)
  })
  afterAll(() => database.close())

  it('keeps nothing of a transaction that fails, and answers its error as it was', async () => {
    const { store } = database
    const error = new Error('no')
    const failing = store.transaction(async (repositories) => {
      await countFailure(repositories, tenant, 'undone')
      throw error
    })
    await expect(failing).rejects.toBe(error)
    expect(await isCounted(store, tenant, 'undone')).toBe(false)
    expect(await store.transaction(() => Promise.resolve('next'))).toBe('next')
  })

  it('shows to others only what is committed', async () => {
    const { store } = database
    await store.transaction(async (repositories) => {
      await countFailure(repositories, tenant, 'seen')
      expect(await repositories.signInFailures.find(tenant.id, 'seen')).toBeDefined()
      expect(await isCounted(store, tenant, 'seen')).toBe(false)
    })
    expect(await isCounted(store, tenant, 'seen')).toBe(true)
  })

  it('ends with a statement that failed, even when its error was caught', async () => {
    const { store } = database
    const stubborn = store.transaction(async (repositories) => {
      await countFailure(repositories, tenant, 'stubborn')
      await repositories.tenants.insert({ ...tenant, id: randomUUID() }).catch(() => undefined)
      return 'went on'
    })
    await expect(stubborn).rejects.toMatchObject({ name: 'DuplicateError', constraint: 'tenants_code' })
    expect(await isCounted(store, tenant, 'stubborn')).toBe(false)
  })

  it('refuses to write through what is for reading', async () => {
    await expect(countFailure(database.store.read, tenant, 'read')).rejects.toThrow('for reading')
    expect(await isCounted(database.store, tenant, 'read')).toBe(false)
  })

  it('tells its hooks directly before and after the commit', async () => {
    const seen: string[] = []
    const look = async () => String(await isCounted(database.store, tenant, 'hooked'))
    const hooks = {
      onCommit: async () => void seen.push(`before ${await look()}`),
      afterCommit: async () => void seen.push(`after ${await look()}`),
    }
    await withStore(database.url, hooks, (store) =>
      store.transaction((repositories) => countFailure(repositories, tenant, 'hooked')),
    )
    expect(seen).toEqual(['before false', 'after true'])
  })

  it('says that the store is unavailable once it is closed', async () => {
    const store = await connectStore(database.url, { clock: systemClock, migrate: 'never' })
    await store.read.tenants.list()
    await store.close()
    await expect(store.read.tenants.list()).rejects.toBeInstanceOf(StoreUnavailableError)
    await expect(store.transaction(() => Promise.resolve())).rejects.toBeInstanceOf(StoreUnavailableError)
  })

  it('runs many at once without losing one', async () => {
    const { store } = database
    const user = await seedUser(store, tenant)
    const numbers = await Promise.all(
      Array.from({ length: 40 }, () =>
        store.transaction(async ({ users }) => {
          await users.lock(tenant.id, user.id)
          return await users.nextResetSequence(tenant.id, user.id)
        }),
      ),
    )
    expect(numbers.toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    )
  })
})

describe.runIf(testDatabases.includes('postgres'))('transactions that meet trouble (postgres)', () => {
  let database: TestDatabase
  let tenant: Tenant
  beforeAll(async () => {
    database = await openTestDatabase('postgres')
    tenant = await seedTenant(database.store)
  })
  afterAll(() => database.close())

  const terminateOthers = (activity: string) =>
    runOnCluster(
      database.url,
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${activity}`,
    )

  it('repeats a transaction that lost a deadlock', async () => {
    const { store } = database
    const [first, second] = [await seedUser(store, tenant), await seedUser(store, tenant)]
    let runs = 0
    const bothHoldOne = Promise.withResolvers<void>()
    const lockBoth = (one: { id: string }, other: { id: string }) =>
      store.transaction(async ({ users }) => {
        runs += 1
        await users.lock(tenant.id, one.id)
        if (runs === 2) {
          bothHoldOne.resolve()
        }
        await bothHoldOne.promise
        await users.lock(tenant.id, other.id)
      })
    await Promise.all([lockBoth(first, second), lockBoth(second, first)])
    expect(runs).toBe(3)
  })

  it('repeats a transaction that cannot be serialised, and gives up after three times', async () => {
    const user = await seedUser(database.store, tenant)
    const url = `${database.url}?options=-c%20default_transaction_isolation%3Dserializable`
    await withStore(url, {}, async (store) => {
      let runs = 0
      const bump = (disturbances: number) =>
        store.transaction(async ({ users }) => {
          await users.find(tenant.id, user.id) // takes the snapshot
          runs += 1
          if (runs <= disturbances) {
            await database.store.transaction((other) => other.users.bumpCredentialVersion(tenant.id, user.id))
          }
          return await users.bumpCredentialVersion(tenant.id, user.id)
        })
      expect(await bump(3)).toBe(5)
      expect(runs).toBe(4)
      runs = 0
      await expect(bump(9)).rejects.toBeInstanceOf(StoreUnavailableError)
      expect(runs).toBe(4)
    })
  })

  it('says that nothing happened when the line is lost before COMMIT is sent', async () => {
    const onCommit = async () => {
      await terminateOthers("state = 'idle in transaction'")
    }
    await withStore(database.url, { onCommit }, async (store) => {
      const lost = store.transaction((repositories) => countFailure(repositories, tenant, 'lost'))
      await expect(lost).rejects.toBeInstanceOf(StoreUnavailableError)
      expect(await isCounted(store, tenant, 'lost')).toBe(false)
    })
  })

  it('says that the commit is in doubt when the server is killed in the middle of it', async () => {
    await runOnCluster(
      database.url,
      `CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(20); RETURN NULL; END $$`,
    )
    await runOnCluster(
      database.url,
      `CREATE CONSTRAINT TRIGGER lingers AFTER INSERT ON signing_keys DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION linger()`,
    )
    const committing = database.store.transaction(({ signingKeys }) =>
      signingKeys.insert({
        tenantId: tenant.id,
        keyId: randomUUID(),
        privateKeySealed: '',
        publicKeyJwk: '{}',
        createdAt: 1,
      }),
    )
    const doubt = expect(committing).rejects.toBeInstanceOf(CommitInDoubtError)
    await expect
      .poll(() => terminateOthers("query = 'COMMIT' AND wait_event = 'PgSleep'"), { timeout: 10_000 })
      .toHaveLength(1)
    await doubt
    expect(await database.store.read.signingKeys.list(tenant.id)).toEqual([])
  })

  it('says that the commit is in doubt when its answer is lost, and does not run it twice', async () => {
    const { hostname, port } = new URL(database.url)
    const proxy = await openTcpProxy({ host: hostname, port: Number(port) })
    const url = Object.assign(new URL(database.url), { port: String(proxy.port) }).toString()
    let runs = 0
    await withStore(url, {}, async (store) => {
      await store.read.tenants.list()
      const cut = proxy.cutAnswerOf('COMMIT')
      const unanswered = store.transaction(async (repositories) => {
        runs += 1
        await countFailure(repositories, tenant, 'unanswered')
      })
      await expect(unanswered).rejects.toBeInstanceOf(CommitInDoubtError)
      await cut
      await expect(store.read.tenants.list()).rejects.toBeInstanceOf(StoreUnavailableError)
      proxy.restore()
      expect(await isCounted(store, tenant, 'unanswered')).toBe(true)
    })
    await proxy.close()
    expect(runs).toBe(1)
  })
})
