import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { seedTenant, seedUser } from '../../test/support/seed-tenant.ts'

describeEachDatabase('users', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  it('finds a user by id', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const { password: _, ...user } = await seedUser(store, tenant)
    const { credential: _c, ...record } = user
    expect(await store.read.users.find(tenant.id, user.id)).toEqual({ ...record, locked: false })
    expect(await store.read.users.findForSignInById(tenant.id, user.id)).toMatchObject({ user, secrets: [] })
  })
})
