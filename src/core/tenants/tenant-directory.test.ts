import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { seedTenant } from '../../../test/support/seed-tenant.ts'
import { createTestClock, type TestClock } from '../../../test/support/test-clock.ts'
import { createTenantDirectory, type TenantDirectory } from './tenant-directory.ts'

describe('createTenantDirectory', () => {
  let clock: TestClock
  let database: TestDatabase
  let directory: TenantDirectory

  beforeAll(async () => {
    clock = createTestClock()
    database = await openTestDatabase('sqlite', { clock })
    directory = createTenantDirectory(database.store, clock)
  })

  afterAll(() => database.close())

  it('finds a tenant by its host, a lone one at any loopback host, and sees changes after 5 s', async () => {
    const first = await seedTenant(database.store)
    const [host = ''] = first.domains
    expect((await directory.byHost(host, false))?.id).toBe(first.id)
    expect((await directory.byHost('localhost', true))?.id).toBe(first.id)
    expect(await directory.byHost('localhost', false)).toBeUndefined()

    await seedTenant(database.store)
    expect((await directory.byHost('localhost', true))?.id).toBe(first.id)
    clock.advance(5_000)
    expect(await directory.byHost('localhost', true)).toBeUndefined()
    expect((await directory.byHost(host, true))?.id).toBe(first.id)
  })
})
