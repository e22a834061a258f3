import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase, testDatabases } from '../../test/support/databases.ts'
import { type PostgresCluster, runOnCluster, startCluster } from '../../test/support/postgres-cluster.ts'
import { seedTenant } from '../../test/support/seed-tenant.ts'
import { systemClock } from '../core/clock.ts'
import { StoreUnavailableError } from '../errors/store-error.ts'
import { connectStore } from './connect.ts'
import { splitHosts } from './split-hosts.ts'

const options = { clock: systemClock, migrate: 'never' } as const

describe('addresses with several hosts', () => {
  it('become one address for each host', () => {
    expect(splitHosts('postgres://u:p%40@a:5432,b,[::1]:6/db?sslmode=disable')).toEqual([
      'postgres://u:p%40@a:5432/db?sslmode=disable',
      'postgres://u:p%40@b/db?sslmode=disable',
      'postgres://u:p%40@[::1]:6/db?sslmode=disable',
    ])
    expect(splitHosts('postgresql://a,b/db')).toEqual(['postgresql://a/db', 'postgresql://b/db'])
    const plain = 'postgres://u:a,b@host/db?x=1,2'
    expect(splitHosts(plain)).toEqual([plain])
  })
})

describe.runIf(testDatabases.includes('postgres'))('lines to PostgreSQL', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('postgres')
  })
  afterAll(() => database.close())

  it('goes on to the next host when one cannot be reached', async () => {
    const store = await connectStore(database.url.replace('@127', '@127.0.0.1:1,127'), options)
    expect(await store.read.tenants.list()).toEqual([])
    await store.close()
  })

  it('waits for a locked row no longer than a statement may take', async () => {
    const url = `${database.url}?statement_timeout=200`
    const store = await connectStore(url, { ...options, connectionsMax: 2 })
    const tenant = await seedTenant(store)
    await store.transaction(async (holder) => {
      await holder.tenants.lock(tenant.id)
      const waiting = store.transaction(({ tenants }) => tenants.lock(tenant.id))
      await expect(waiting).rejects.toBeInstanceOf(StoreUnavailableError)
    })
    expect(await store.transaction(({ tenants }) => tenants.lock(tenant.id))).toBe(true)
    await store.close()
  })

  it('outlives idle lines that the server closes', async () => {
    const store = await connectStore(database.url, { ...options, connectionsMax: 3 })
    await Promise.all([1, 2, 3].map(() => store.read.now()))
    await runOnCluster(
      database.url,
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'rekey'`,
    )
    await expect.poll(() => store.read.now().then(Number.isFinite, () => false)).toBe(true)
    await store.close()
  })

  it('opens no more lines than it may', async () => {
    const store = await connectStore(`${database.url}?application_name=bounded`, {
      ...options,
      connectionsMax: 2,
    })
    await Promise.all(Array.from({ length: 20 }, () => store.read.now()))
    const lines = await database.query(
      "select count(*) as lines from pg_stat_activity where application_name = 'bounded'",
    )
    expect(lines).toEqual([{ lines: 2 }])
    await store.close()
  })
})

describe.runIf(testDatabases.includes('postgres'))('a PostgreSQL server that goes away', () => {
  let cluster: PostgresCluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster.stop())

  it('makes calls fail as unavailable, and work again when it is back', async () => {
    const store = await connectStore(cluster.url, options)
    await store.migrate()
    const tenant = await seedTenant(store)
    const interrupted = store.transaction(async (repositories) => {
      await repositories.tenants.lock(tenant.id)
      await cluster.halt()
      await repositories.tenants.lock(tenant.id)
    })
    await expect(interrupted).rejects.toBeInstanceOf(StoreUnavailableError)
    await expect(store.read.tenants.list()).rejects.toBeInstanceOf(StoreUnavailableError)
    await expect(store.transaction(() => Promise.resolve())).rejects.toBeInstanceOf(StoreUnavailableError)
    await expect(store.measureClock()).rejects.toBeInstanceOf(StoreUnavailableError)
    await cluster.start()
    expect(await store.read.tenants.list()).toEqual([tenant])
    await store.close()
  })

  it('need not be there when the store is opened', async () => {
    await cluster.halt()
    const store = await connectStore(cluster.url, options)
    await expect(store.pendingMigrations()).rejects.toBeInstanceOf(StoreUnavailableError)
    await cluster.start()
    expect(await store.pendingMigrations()).toEqual([])
    await store.close()
  })
})
