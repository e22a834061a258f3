import { afterEach, expect, it } from 'vitest'
import { applyText, createApplyTools } from '../../../../../test/support/apply-fixture.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { useDefinitions } from '../../../../../test/support/definition-fixture.ts'
import { seedUser } from '../../../../../test/support/seed-tenant.ts'
import { defaultTenantSettings } from '../../../../core/tenants/tenant.ts'

describeEachDatabase('attributes that a call makes unique', (kind) => {
  const fixture = useDefinitions(kind)
  afterEach(() => fixture().clear())

  const seed = (userName: string, extension: Record<string, unknown>) =>
    seedUser(fixture().database.store, fixture().tenant, { userName, extension })

  it('ATTR.9004 names two who have the same, as the tenant file does, and nothing is changed', async () => {
    const { define, unique, record } = fixture()
    await seed('ann', { locker: 'A1' })
    await seed('ben', { locker: 'a1' })
    const body = { code: 'extension.locker', unique: true }
    const before = await record()
    const answer = await define('users', 'POST', '', body)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'ATTR.9004'])
    expect(answer.body.error_msg).toMatch(
      /^extension\.locker cannot be unique: (ann and ben|ben and ann) have the same$/,
    )
    expect([await fixture().codes('users'), await unique('users'), await record()]).toEqual([[], [], before])
    await define('users', 'POST', '', { code: 'extension.locker' })
    expect((await define('users', 'PUT', '/extension.locker', { unique: true })).body.error_code).toBe(
      'ATTR.9004',
    )
    expect((await define('users', 'GET', '/extension.locker')).body.unique).toBe(false)
  })

  it('of many people, who are read a page at a time, the first and the last are compared', async () => {
    const { define, unique } = fixture()
    await seed('first', { shelf: 'S' })
    for (let number = 0; number < 1_000; number += 1) await seed(`shelf-${number}`, { shelf: number })
    const last = await seed('last', { shelf: 's' })
    const body = { code: 'extension.shelf', unique: true }
    expect((await define('users', 'POST', '', body)).body.error_msg).toBe(
      'extension.shelf cannot be unique: first and last have the same',
    )
    await fixture().call('PUT', `users/${last.id}`, { extension: { shelf: null } })
    expect((await define('users', 'POST', '', body)).status).toBe(201)
    expect(await unique('users')).toHaveLength(1_001)
  })

  it('leave the values of other unique attributes as they are', async () => {
    const { define, unique, call } = fixture()
    for (let number = 0; number < 3; number += 1) await seed(`desk-${number}`, { desk: number })
    await define('users', 'POST', '', { code: 'extension.desk', unique: true })
    expect(await unique('users')).toEqual(['extension.desk 0', 'extension.desk 1', 'extension.desk 2'])
    await define('users', 'POST', '', { code: 'extension.seat', unique: true })
    expect(await unique('users')).toHaveLength(3)
    const taken = await call('POST', 'users', { user_name: 'eve', extension: { desk: 1 } })
    expect(taken.body.error_code).toBe('USER.9008')
    await define('users', 'PUT', '/extension.desk', { unique: false })
    expect(await unique('users')).toEqual([])
    expect((await call('POST', 'users', { user_name: 'eve', extension: { desk: 1 } })).status).toBe(201)
  })

  it('ATTR.9004 and ORG.9008 guard those of organizations alike', async () => {
    const { define, call, unique } = fixture()
    for (const code of ['one', 'two']) {
      await call('POST', 'organizations', { code, name: 'IT', extension: { cost_center: '7' } })
    }
    const body = { code: 'extension.cost_center', unique: true }
    const refused = await define('organizations', 'POST', '', body)
    expect(refused.body.error_msg).toMatch(
      /^extension\.cost_center cannot be unique: (one and two|two and one)/,
    )
    await define('organizations', 'POST', '', { code: body.code })
    const changed = await define('organizations', 'PUT', `/${body.code}`, { unique: true })
    expect(changed.body.error_code).toBe('ATTR.9004')
    await define('organizations', 'DELETE', `/${body.code}`)
    const { body: one } = await call('GET', 'organizations/org-codes/one')
    await call('PUT', `organizations/${String(one.org_id)}`, { extension: { cost_center: '8' } })
    expect((await define('organizations', 'POST', '', body)).status).toBe(201)
    expect(await unique('organizations')).toEqual(['extension.cost_center 7', 'extension.cost_center 8'])
    const third = { code: 'three', name: 'IT', extension: { cost_center: '8' } }
    expect((await call('POST', 'organizations', third)).body.error_code).toBe('ORG.9008')
  })

  it('let no value slip through: of people made meanwhile either all differ, or it is not unique', async () => {
    const { define, call } = fixture()
    await define('users', 'POST', '', { code: 'extension.car' })
    const making = Array.from({ length: 8 }, (_, number) =>
      call('POST', 'users', { user_name: `driver-${number}`, extension: { car: 'same' } }),
    )
    const [becoming] = await Promise.all([
      define('users', 'PUT', '/extension.car', { unique: true }),
      ...making,
    ])
    const made = (await Promise.all(making)).filter(({ status }) => status === 201).length
    const isUnique = (await define('users', 'GET', '/extension.car')).body.unique
    expect(isUnique).toBe(becoming.status === 200)
    expect(isUnique ? made <= 1 : made >= 2).toBe(true)
  })

  it('nothing is lost of many definitions at once, by calls and by apply', async () => {
    const { define, codes, database, tenant } = fixture()
    const apply = async (number: number) => {
      const text = `tenant: { code: ${tenant.code} }\nuser_attributes: [ { name: extension.file${number} } ]`
      const report = await applyText(createApplyTools(database.store), text)
      expect(report.problems).toEqual([])
    }
    const numbers = [1, 2, 3, 4, 5, 6]
    const answers = await Promise.all([
      ...numbers.map((number) => define('users', 'POST', '', { code: `extension.call${number}` })),
      ...numbers.map((number) => define('organizations', 'POST', '', { code: `extension.call${number}` })),
      ...numbers.slice(0, 3).map(apply),
    ])
    expect(answers.flatMap((answer) => answer?.status ?? [])).toEqual(Array(12).fill(201))
    const ofCalls = numbers.map((number) => `extension.call${number}`)
    const ofFiles = [1, 2, 3].map((number) => `extension.file${number}`)
    expect((await codes('users')).toSorted()).toEqual([...ofCalls, ...ofFiles])
    expect((await codes('organizations')).toSorted()).toEqual(ofCalls)
  })

  it('one of many calls at once defines an attribute', async () => {
    const { define, codes } = fixture()
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => define('users', 'POST', '', { code: 'employee_id' })),
    )
    const outcomes = answers.map(({ status, body }) => body.error_code ?? status)
    expect(outcomes.toSorted()).toEqual([201, 'ATTR.9002', 'ATTR.9002', 'ATTR.9002'])
    expect(await codes('users')).toEqual(['employee_id'])
  })

  it('a definition made by a call stays when apply does not name it, and goes with --prune', async () => {
    const { define, codes, database, tenant } = fixture()
    await define('users', 'POST', '', { code: 'extension.mine', unique: true })
    await seed('fay', { mine: 'x' })
    const file = `tenant: { code: ${tenant.code} }\nreset: { limits: { per_user_per_day: 7 } }\nuser_attributes: [ { name: attr_city } ]`
    const apply = (isPruning: boolean) => applyText(createApplyTools(database.store), file, { isPruning })
    expect((await apply(false)).ok).toBe(true)
    expect(await codes('users')).toEqual(['extension.mine', 'attr_city'])
    // nor does a call take away what apply set
    await define('users', 'PUT', '/attr_city', { length_max: 9 })
    const stored = await database.store.read.tenants.find(tenant.id)
    expect(stored?.settings.reset.limits.perUserPerDay).toBe(7)
    await apply(true)
    expect(await codes('users')).toEqual(['attr_city'])
    expect(await fixture().unique('users')).toEqual([])
    expect(defaultTenantSettings.reset.limits.perUserPerDay).not.toBe(7)
  })
})
