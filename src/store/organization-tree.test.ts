import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createGate } from '../../test/races/gate.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { seedTenant, seedUser } from '../../test/support/seed-tenant.ts'
import { systemClock } from '../core/clock.ts'
import { removeEmptyOrganization } from '../core/organizations/delete-organization.ts'
import { connectStore } from './connect.ts'
import type { Organization, Store } from './store.ts'

describeEachDatabase('the tree of organisations', (kind) => {
  let database: TestDatabase
  let store: Store
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    store = database.store
  })
  afterAll(() => database.close())

  async function insert(tenantId: string, id: string, parentId?: string): Promise<Organization> {
    const organization: Organization = {
      tenantId,
      id,
      code: `code-${randomUUID()}`,
      name: 'IT',
      parentId,
      category: undefined,
      sequence: undefined,
      language: undefined,
      disabled: false,
      extension: {},
      createdAt: 5,
      updatedAt: 5,
    }
    await store.transaction(({ organizations }) => organizations.insert(organization))
    return organization
  }
  const page = { pageIndex: 0, pageSize: 100 }
  const all = async (tenantId: string) => {
    const { total, organizations } = await store.read.organizations.listPage(
      tenantId,
      { levels: 'all' },
      page,
    )
    return { total, ids: organizations.map(({ id }) => id) }
  }

  it('counts with every insert and removal that commits, and with no other', async () => {
    const { id: tenantId } = await seedTenant(store)
    expect(await all(tenantId)).toEqual({ total: 0, ids: [] })
    await insert(tenantId, 'o-1')
    await insert(tenantId, 'o-2')
    const failing = store.transaction(async ({ organizations }) => {
      await organizations.delete(tenantId, 'o-1')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await store.transaction(({ organizations }) => organizations.delete(tenantId, 'o-1'))
    await store.transaction(({ organizations }) => organizations.delete(tenantId, 'o-1'))
    expect(await all(tenantId)).toEqual({ total: 1, ids: ['o-2'] })
  })

  it('gives times that rise even within a millisecond, and begin above what time is said to be later', async () => {
    const { id: tenantId } = await seedTenant(store)
    const claim = () => store.transaction(({ organizations }) => organizations.claimChangeTime(tenantId))
    const times = []
    for (let index = 0; index < 20; index += 1) times.push(await claim())
    expect(new Set(times).size).toBe(20)
    expect(times.toSorted((left, right) => left - right)).toEqual(times)
    const future = (await store.read.now()) + 3_600_000 // a clock that was set back
    await database.query(`update counts set changed_at = ${future} where tenant_id = '${tenantId}'`)
    expect(await claim()).toBe(future + 1)
  })

  it('shows no change before one that was given an earlier time', async () => {
    const { id: tenantId } = await seedTenant(store)
    await insert(tenantId, 'o-1')
    await insert(tenantId, 'o-2')
    const gate = createGate()
    gate.shut()
    const change = (id: string, before: () => Promise<void>) =>
      store.transaction(async ({ organizations }) => {
        const updatedAt = await organizations.claimChangeTime(tenantId)
        await before()
        const row = await organizations.find(tenantId, id)
        if (row !== undefined) await organizations.update({ ...row, updatedAt })
        return updatedAt
      })
    const slow = change('o-1', gate.pass)
    while (gate.held === 0) await new Promise((resolve) => setImmediate(resolve))
    const quick = change('o-2', () => Promise.resolve())
    const since = async (updatedAfter: number) => {
      const filter = { levels: 'all', updatedAfter } as const
      return (await store.read.organizations.listPage(tenantId, filter, page)).organizations.map(
        ({ id }) => id,
      )
    }
    expect(await since(5)).toEqual([])
    gate.open()
    const [first, second] = [await slow, await quick]
    expect(first).toBeLessThan(second)
    expect([await since(5), await since(first), await since(second)]).toEqual([['o-2', 'o-1'], ['o-2'], []])
  })

  it('keeps an organisation that somebody is just being put into, and puts nobody into one that goes', async () => {
    const tenant = await seedTenant(store)
    for (const isMemberFirst of [true, false]) {
      const id = `o-${isMemberFirst}`
      await insert(tenant.id, id)
      const { credential: _credential, ...user } = await seedUser(store, tenant)
      const gate = createGate()
      gate.shut()
      const held = async () => {
        while (gate.held === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      const join = (wait: () => Promise<void>) =>
        store.transaction(async ({ users, organizations }) => {
          await users.lock(tenant.id, user.id)
          const isThere = await organizations.lockForMember(tenant.id, id)
          await wait()
          if (isThere) await users.update({ ...user, organizationId: id })
          return isThere
        })
      const remove = (wait: () => Promise<void>) =>
        store.transaction(async ({ organizations, tenants }) => {
          await tenants.lock(tenant.id)
          const outcome = await removeEmptyOrganization(organizations, tenant.id, id)
          await wait()
          return outcome
        })
      const atOnce = () => Promise.resolve()
      const first = isMemberFirst ? join(gate.pass) : remove(gate.pass)
      await held()
      const second = isMemberFirst ? remove(atOnce) : join(atOnce)
      gate.open()
      expect([await first, await second]).toEqual(isMemberFirst ? [true, 'has_members'] : ['removed', false])
    }
  })

  it('puts every organisation below its parent when many parents were changed at once', async () => {
    const { id: tenantId } = await seedTenant(store)
    await insert(tenantId, 'a')
    await insert(tenantId, 'b', 'a')
    await insert(tenantId, 'c', 'b')
    const lone = await insert(tenantId, 'lone')
    await store.transaction(async ({ organizations }) => {
      for (const [id, parentId] of [
        ['a', 'c'],
        ['b', undefined],
      ] as const) {
        const row = await organizations.find(tenantId, id)
        if (row !== undefined) await organizations.update({ ...row, parentId })
      }
      await organizations.settleTree(tenantId, 77)
    })
    const { organizations } = store.read
    const paths = await Promise.all(['a', 'b', 'c', 'lone'].map((id) => organizations.findPath(tenantId, id)))
    expect(paths).toEqual([['b', 'c', 'a'], ['b'], ['b', 'c'], ['lone']])
    expect(await organizations.countLevels(tenantId, 'b')).toBe(3)
    expect(await organizations.countLevels(tenantId, 'a')).toBe(1)
    expect(await organizations.find(tenantId, 'lone')).toEqual(lone)
    expect((await organizations.find(tenantId, 'c'))?.updatedAt).toBe(77)
  })
})

describeEachDatabase('a database from before organisations had places', (kind) => {
  it('is given places and counts', async () => {
    const database = await openTestDatabase(kind)
    const row = (tenant: string, id: string, parent: string) =>
      `('${tenant}', '${id}', '${id}', '${id}', '${id}', ${parent}, 0, '{}', 1, 7)`
    await database.query('drop table counts')
    for (const index of ['organizations_path', 'organizations_parent', 'organizations_updated_at']) {
      await database.query(`drop index ${index}`)
    }
    await database.query('alter table organizations drop column path')
    await database.query("delete from schema_migrations where name = '0007-organization-tree'")
    await database.query(`insert into organizations
      (tenant_id, id, code, code_key, name, parent_id, disabled, extension_json, created_at, updated_at) values
      ${row('t1', 'a', 'null')}, ${row('t1', 'b', "'a'")}, ${row('t1', 'c', "'b'")}, ${row('t1', 'd', "'gone'")},
      ${row('t2', 'b', 'null')}`)
    const store = await connectStore(database.url, { clock: systemClock, migrate: 'never' })
    expect(await store.migrate()).toEqual(['0007-organization-tree'])
    const paths = await database.query('select tenant_id, path from organizations order by tenant_id, path')
    expect(paths.map(({ tenant_id, path }) => `${tenant_id} ${path}`)).toEqual([
      't1 a/',
      't1 a/b/',
      't1 a/b/c/',
      't1 d/',
      't2 b/',
    ])
    const { organizations } = store.read
    const listed = await organizations.listPage('t1', { levels: 'all' }, { pageIndex: 0, pageSize: 10 })
    expect(listed.total).toBe(4)
    await store.close()
    await database.close()
  })
})
