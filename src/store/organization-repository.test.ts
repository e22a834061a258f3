import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { seedTenant } from '../../test/support/seed-tenant.ts'
import type { Organization } from './store.ts'

function anOrganization(tenantId: string, change: Partial<Organization> = {}): Organization {
  return {
    tenantId,
    id: randomUUID(),
    code: `Code-${randomUUID()}`,
    name: 'IT',
    parentId: undefined,
    category: undefined,
    sequence: undefined,
    language: undefined,
    disabled: false,
    extension: {},
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_001,
    ...change,
  }
}

describeEachDatabase('organisations', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const insert = (organization: Organization) =>
    database.store.transaction(({ organizations }) => organizations.insert(organization))

  it('gives back every field, and only to its tenant', async () => {
    const { read } = database.store
    const tenant = await seedTenant(database.store)
    const bare = anOrganization(tenant.id, { id: 'o-1' })
    const full = anOrganization(tenant.id, {
      id: 'o-2',
      parentId: 'o-1',
      category: 'department',
      sequence: -3,
      language: 'zh',
      disabled: true,
      extension: { cost: '42' },
    })
    await insert(full)
    await insert(bare)
    expect(await read.organizations.list(tenant.id)).toEqual([bare, full])
    expect(await read.organizations.find(tenant.id, 'o-2')).toEqual(full)
    const other = await seedTenant(database.store)
    expect(await read.organizations.find(other.id, 'o-2')).toBeUndefined()
    expect(await read.organizations.list(other.id)).toEqual([])
  })

  it('refuses a code that another organisation of the tenant has in other letters', async () => {
    const tenant = await seedTenant(database.store)
    const first = anOrganization(tenant.id)
    await insert(first)
    await expect(insert(anOrganization(tenant.id, { code: first.code.toUpperCase() }))).rejects.toMatchObject(
      {
        constraint: 'organizations_code',
      },
    )
    await insert(anOrganization((await seedTenant(database.store)).id, { code: first.code }))
  })

  it('updates and deletes one organisation', async () => {
    const { store } = database
    const tenant = await seedTenant(store)
    const [first, second] = [
      anOrganization(tenant.id, { id: 'o-1' }),
      anOrganization(tenant.id, { id: 'o-2' }),
    ]
    await insert(first)
    await insert(second)
    const changed = { ...first, code: 'NEW', name: 'New', sequence: 4, updatedAt: 9 }
    await store.transaction(({ organizations }) => organizations.update(changed))
    expect(await store.read.organizations.list(tenant.id)).toEqual([changed, second])
    await store.transaction(({ organizations }) => organizations.delete(tenant.id, 'o-2'))
    expect(await store.read.organizations.list(tenant.id)).toEqual([changed])
  })
})
