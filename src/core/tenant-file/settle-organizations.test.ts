import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { applyText, createApplyTools, problemLines } from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { seedUser } from '../../../test/support/seed-tenant.ts'
import type { Organization, Store } from '../../store/store.ts'
import { readConfiguration } from './tenant-plan.ts'

describeEachDatabase('organisations of a tenant file', (kind) => {
  let database: TestDatabase
  let code: string
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const file = (organizations: string, more = '') =>
    `tenant: { code: ${code} }\norganizations: [ ${organizations} ]\n${more}`
  const stored = async (organizationCode: string): Promise<Organization> => {
    const { organizations } = await readConfiguration(database.store.read, code)
    const found = organizations.find((row) => row.code === organizationCode)
    if (found === undefined) throw new Error(`no organisation ${organizationCode}`)
    return found
  }
  const apply = async (text: string, isPruning = false, store: Store = database.store) =>
    await applyText(createApplyTools(store), text, { isPruning })
  const pathOf = async (organizationCode: string) => {
    const { tenantId, id } = await stored(organizationCode)
    return await database.store.read.organizations.findPath(tenantId, id)
  }

  /** Somebody else's change, directly before the run's n-th transaction. */
  function interrupted(before: number, change: () => Promise<unknown>): Store {
    let count = 0
    return {
      ...database.store,
      async transaction(work) {
        count += 1
        if (count === before) await change()
        return await database.store.transaction(work)
      },
    }
  }

  const remove = (tenantId: string, id: string) =>
    database.store.transaction(({ organizations }) => organizations.delete(tenantId, id))

  it('stand below their parents in whatever order they are moved, and count as changed at one time', async () => {
    code = `t-${randomUUID()}`
    await apply(file('{ code: a }, { code: b, parent_code: a }, { code: c, parent_code: b }, { code: d }'))
    const { tenantId, updatedAt: before } = await stored('d')
    expect((await apply(file('{ code: a, parent_code: c }, { code: b, parent_code: null }'))).ok).toBe(true)
    const [a, b, c] = [await stored('a'), await stored('b'), await stored('c')]
    expect(await pathOf('a')).toEqual([b.id, c.id, a.id])
    const page = { pageIndex: 0, pageSize: 10 }
    const since = await database.store.read.organizations.listPage(
      tenantId,
      { levels: 'all', updatedAfter: before },
      page,
    )
    expect(since.organizations.map((row) => row.code).toSorted()).toEqual(['a', 'b', 'c'])
    expect(new Set(since.organizations.map((row) => row.updatedAt)).size).toBe(1)
  })

  it('are refused beyond 32 levels, with the place in the file', async () => {
    code = `t-${randomUUID()}`
    const chain = Array.from({ length: 33 }, (_, index) =>
      index === 0 ? '{ code: o0 }' : `{ code: o${index}, parent_code: o${index - 1} }`,
    ).join(', ')
    const lines = problemLines(await apply(file(chain)))
    expect(lines).toEqual([
      '2:16 organizations organizations would stand more than 32 levels deep: move the lowest up',
    ])
  })

  it('take codes of the API: 100 characters, accents in either form', async () => {
    code = `t-${randomUUID()}`
    expect((await apply(file(`{ code: ${'x'.repeat(100)} }, { code: "cafe\u0301" }`))).ok).toBe(true)
    expect((await apply(file(`{ code: ${'x'.repeat(101)} }`))).ok).toBe(false)
  })

  it('are left as they are when somebody removes a parent after the check', async () => {
    code = `t-${randomUUID()}`
    await apply(file('{ code: root }'))
    const { tenantId, id } = await stored('root')
    const store = interrupted(1, () => remove(tenantId, id))
    const report = await apply(file('{ code: it, parent_code: root }'), false, store)
    expect(problemLines(report)[0]).toContain('changed the organizations while apply ran: run it again')
    await expect(stored('it')).rejects.toThrow()
  })

  it('are left as they are when somebody moves one so that a circle would close', async () => {
    code = `t-${randomUUID()}`
    await apply(file('{ code: a }, { code: b }'))
    const [a, b] = [await stored('a'), await stored('b')]
    const store = interrupted(1, () =>
      database.store.transaction(async ({ organizations }) => {
        await organizations.update({ ...b, parentId: a.id })
        await organizations.settlePlace(b.tenantId, b.id, 1)
      }),
    )
    const report = await apply(file('{ code: a, parent_code: b }'), false, store)
    expect(problemLines(report)[0]).toContain('run it again')
    expect([await pathOf('a'), await pathOf('b')]).toEqual([[a.id], [a.id, b.id]])
  })

  it('do not go when somebody is put into them after the check', async () => {
    code = `t-${randomUUID()}`
    await apply(file('{ code: root }, { code: old }'))
    const old = await stored('old')
    const { tenant } = await readConfiguration(database.store.read, code)
    if (tenant === undefined) throw new Error('no tenant')
    const store = interrupted(2, () => seedUser(database.store, tenant, { organizationId: old.id }))
    const report = await apply(file('{ code: root }'), true, store)
    expect(problemLines(report)[0]).toContain('organisation old was given users')
    expect(await pathOf('old')).toEqual([old.id])
  })

  it('get no users after they are gone', async () => {
    code = `t-${randomUUID()}`
    await apply(file('{ code: it }'))
    const { tenantId, id } = await stored('it')
    const store = interrupted(2, () => remove(tenantId, id))
    const report = await apply(
      file('{ code: it }', 'users: [ { user_name: alice, org_code: it } ]'),
      false,
      store,
    )
    expect(problemLines(report)[0]).toContain(
      'organisation of alice was removed while apply ran: run it again',
    )
    expect(await database.store.read.users.findByUserName(tenantId, 'alice')).toBeUndefined()
  })
})
