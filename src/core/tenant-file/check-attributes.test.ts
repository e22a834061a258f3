import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { applyText, createApplyTools, problemLines } from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { seedUser } from '../../../test/support/seed-tenant.ts'
import type { Tenant } from '../tenants/tenant.ts'

describeEachDatabase('attribute definitions of a tenant file', (kind) => {
  let database: TestDatabase
  let code: string
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const file = (more: string) => `tenant: { code: ${code} }\n${more}`
  const apply = (more: string) => applyText(createApplyTools(database.store), file(more))
  const stored = async (): Promise<Tenant> => {
    const tenant = await database.store.read.tenants.findByCode(code)
    if (tenant === undefined) throw new Error('no tenant')
    return tenant
  }
  const complaints = async (more: string) =>
    problemLines(await apply(more)).map((line) => line.replace(/^\S+ /, ''))
  const values = async () => {
    const rows = await database.query(
      'select attribute, value_key from unique_attributes where tenant_id = $1 order by value_key',
      [(await stored()).id],
    )
    return rows.map((row) => `${row.attribute} ${row.value_key}`)
  }

  it('are kept, left alone when the file does not speak of them, and taken away by null', async () => {
    code = `t-${randomUUID()}`
    const badge =
      "{ name: extension.badge, type: integer, required: true, unique: true, length_max: 9, pattern: '\\d+' }"
    expect((await apply(`user_attributes: [ { name: mobile, required: true }, ${badge} ]`)).ok).toBe(true)
    const definitions = [
      { name: 'mobile', type: 'text', isRequired: true, isUnique: false },
      {
        name: 'extension.badge',
        type: 'integer',
        isRequired: true,
        isUnique: true,
        lengthMax: 9,
        pattern: '\\d+',
      },
    ]
    expect((await stored()).settings.attributes).toMatchObject({ users: definitions, organizations: [] })
    const same = await apply(`user_attributes: [ { name: mobile, required: true }, ${badge} ]`)
    expect(same.tenants[0]?.changes).toEqual([])
    const again = await apply('organization_attributes: [ { name: category, required: true } ]')
    expect(again.tenants[0]?.changes).toMatchObject([{ fields: ['attributes.organizations'] }])
    expect((await stored()).settings.attributes.users).toMatchObject(definitions)
    expect((await apply('user_attributes: null')).ok).toBe(true)
    expect((await stored()).settings.attributes.users).toEqual([])
    expect((await apply('user_attributes: null')).tenants[0]?.changes).toEqual([])
  })

  it.each([
    ['{ name: nothing }', /nothing" is no attribute/],
    ['{ name: extension. }', /is no attribute/],
    ["{ name: email, pattern: '(' }", /"\(" is no pattern/],
    ['{ name: email, length_max: 0 }', /whole number from 1 to 1000/],
    ['{ name: email, unique: true }', /email cannot be made unique/],
    ['{ name: employee_id, type: date }', /has a type of its own/],
    ['{ name: employee_id }, { name: employee_id }', /stands here twice/],
  ])('complains of %s', async (definitions, complaint) => {
    code = `t-${randomUUID()}`
    expect(await complaints(`user_attributes: [ ${definitions} ]`)).toEqual([
      expect.stringMatching(complaint),
    ])
  })

  it('complains of users of the file who lack a contact that is required', async () => {
    code = `t-${randomUUID()}`
    const more = 'user_attributes: [ { name: mobile, required: true } ]\nusers: [ { user_name: alice } ]'
    expect(await complaints(more)).toEqual([expect.stringMatching(/mobile is required/)])
  })

  it('know the values that are stored when an attribute becomes unique, and forget them when it is not any more', async () => {
    code = `t-${randomUUID()}`
    await apply('')
    const tenant = await stored()
    for (const employeeId of ['E-1', 'e-2']) {
      await seedUser(database.store, tenant, { profile: { employee_id: employeeId } })
    }
    const unique = 'user_attributes: [ { name: employee_id, unique: true } ]'
    expect((await apply(unique)).ok).toBe(true)
    expect(await values()).toEqual(['employee_id e-1', 'employee_id e-2'])
    expect((await apply('user_attributes: []')).ok).toBe(true)
    expect(await values()).toEqual([])
  })

  it('do not make unique what two have; nothing is changed', async () => {
    code = `t-${randomUUID()}`
    await apply('')
    const tenant = await stored()
    for (const [userName, badge] of [
      ['alice', 'A1'],
      ['bob', 'a1'],
    ] as const) {
      await seedUser(database.store, tenant, { userName, extension: { badge } })
    }
    const said = await complaints('user_attributes: [ { name: extension.badge, unique: true } ]')
    expect(said).toEqual([expect.stringMatching(/(alice and bob|bob and alice) have the same/)])
    expect((await stored()).settings.attributes.users).toEqual([])
  })
})
