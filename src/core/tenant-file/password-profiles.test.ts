import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  applyText,
  changeLines,
  createApplyTools,
  problemLines,
} from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { defaultTenantSettings } from '../tenants/tenant.ts'

describeEachDatabase('password_policy.profile', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  async function apply(code: string, policy: string) {
    const tools = createApplyTools(database.store)
    const report = await applyText(tools, `tenant: { code: ${code} }\npassword_policy: ${policy}`)
    const tenant = await database.store.read.tenants.findByCode(code)
    return { report, policy: tenant?.settings.passwordPolicy }
  }

  test('modern: 15 characters, no classes, no history; single keys go before it, and null is the profile’s', async () => {
    const code = `t-${randomUUID()}`
    const modern = await apply(code, '{ profile: modern }')
    expect(modern.policy).toEqual({
      lengthMin: 15,
      lengthMax: 128,
      classesMin: 1,
      history: 0,
      weakPasswords: 'refuse',
      breachedPasswords: 'allow',
      breachedOnFailure: 'allow',
      userInfo: 'refuse',
      repeatsMax: 0,
      minimumAgeHours: 0,
      maximumAgeDays: 0,
      warnDays: 0,
    })
    const again = await apply(code, '{ profile: modern, history: 3, length_min: null }')
    expect(changeLines(again.report)).toEqual([`update tenant ${code}: password_policy.history`])
    expect(again.policy).toEqual({ ...modern.policy, history: 3 })
  })

  test('modern: 8 characters where a second factor is asked for, and 15 again without it', async () => {
    const code = `t-${randomUUID()}`
    const policy = '{ profile: modern }\nsign_in: { second_factor: code }'
    expect((await apply(code, policy)).policy?.lengthMin).toBe(8)
    // what is stored counts where the file does not say
    expect((await apply(code, '{ profile: modern }')).policy?.lengthMin).toBe(8)
    expect((await apply(code, policy.replace('code', 'none'))).policy?.lengthMin).toBe(15)
    expect((await apply(code, `${policy.replace('modern', 'classic')}`)).policy?.lengthMin).toBe(
      defaultTenantSettings.passwordPolicy.lengthMin,
    )
  })

  test('classic: the defaults, whatever is stored', async () => {
    const code = `t-${randomUUID()}`
    await apply(code, '{ length_min: 20, history: 0 }')
    const classic = await apply(code, '{ profile: classic }')
    expect(classic.policy).toEqual(defaultTenantSettings.passwordPolicy)
    expect((await apply(code, '{ length_min: 14 }')).policy).toEqual({ ...classic.policy, lengthMin: 14 })
  })

  test('no other', async () => {
    const { report } = await apply(`t-${randomUUID()}`, '{ profile: moderm }')
    expect(problemLines(report)).toEqual([
      '2:29 password_policy.profile "moderm" is not known: write modern or classic; did you mean modern?',
    ])
  })
})
