import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { applyText, createApplyTools, problemLines } from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { seedUser } from '../../../test/support/seed-tenant.ts'
import { uniqueValues } from '../attributes/check-attributes.ts'
import type { Tenant } from '../tenants/tenant.ts'

describeEachDatabase('attribute definitions of a tenant file', (kind) => {
  let database: TestDatabase
  let code: string
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const file = (more: string) => `tenant: { code: ${code} }\n${more}`
  const apply = (more: string, isPruning = false) =>
    applyText(createApplyTools(database.store), file(more), { isPruning })
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

  it('are kept, and left alone when the file does not speak of them', async () => {
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
    expect((await apply('user_attributes: null', true)).tenants[0]?.changes).toEqual([])
    expect((await stored()).settings.attributes.users).toMatchObject(definitions)
  })

  it('stay when the list of the file does not name them, wherever they came from, and go with --prune', async () => {
    code = `t-${randomUUID()}`
    const names = async () => (await stored()).settings.attributes.users.map(({ name }) => name)
    await apply('user_attributes: [ { name: mobile, required: true }, { name: email } ]')
    const changed = await apply(
      'user_attributes: [ { name: attr_city }, { name: mobile, pattern: "\\\\+86.*" } ]',
    )
    expect(changed.tenants[0]?.changes).toMatchObject([{ fields: ['attributes.users'] }])
    expect(await names()).toEqual(['mobile', 'email', 'attr_city'])
    // one that is named is as the file says, and nothing of it is left over from before
    const [mobile] = (await stored()).settings.attributes.users
    expect(mobile).toMatchObject({ isRequired: false, pattern: '\\+86.*' })
    expect((await apply('user_attributes: []')).tenants[0]?.changes).toEqual([])
    await apply('user_attributes: [ { name: attr_city } ]', true)
    expect(await names()).toEqual(['attr_city'])
    await apply('user_attributes: []', true)
    expect(await names()).toEqual([])
  })

  it('are 200 at most, those that stay counted', async () => {
    code = `t-${randomUUID()}`
    const many = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => `{ name: extension.a${from + index} }`).join(', ')
    expect((await apply(`user_attributes: [ ${many(0, 200)} ]`)).ok).toBe(true)
    expect(await complaints(`user_attributes: [ ${many(200, 1)} ]`)).toEqual([
      expect.stringMatching(/there would be 201 attribute definitions/),
    ])
    expect((await apply(`user_attributes: [ ${many(200, 1)} ]`, true)).ok).toBe(true)
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
    expect(await values()).toHaveLength(2)
    expect((await apply('user_attributes: [ { name: employee_id } ]')).ok).toBe(true)
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

  it('leave values from before alone that no index can hold, and people who have them can be changed', async () => {
    code = `t-${randomUUID()}`
    await apply('')
    const tenant = await stored()
    // random, because PostgreSQL compresses what repeats
    const long = randomBytes(5_000).toString('hex')
    for (const note of [long, long, { a: 1 }, { a: 1 }]) {
      await seedUser(database.store, tenant, { extension: { note } })
    }
    expect(await complaints('user_attributes: [ { name: extension.note, unique: true } ]')).toEqual([])
    expect(await values()).toEqual([])
    const unique = (await stored()).settings.attributes.users
    const held = uniqueValues(unique, new Map<string, unknown>([['extension.note', long]]))
    expect(held).toEqual([])
  })
})
