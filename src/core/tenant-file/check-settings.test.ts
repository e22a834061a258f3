import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyText, createApplyTools, problemLines } from '../../../test/support/apply-fixture.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { sharedStrengthJudge } from '../../../test/support/shared-strength-judge.ts'
import { createBreachJudge } from '../../breaches/create-breach-judge.ts'

describe('a password policy that cannot be kept', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('sqlite')
  })
  afterAll(() => database.close())

  async function problemsOf(
    policy: string,
    { source, users = '' }: { source?: string; users?: string } = {},
  ) {
    const breaches = source === undefined ? undefined : createBreachJudge(source)
    const tools = createApplyTools(database.store, { judges: { strength: sharedStrengthJudge, breaches } })
    const text = `tenant: { code: t-${randomUUID()} }\npassword_policy: ${policy}\n${users}`
    return problemLines(await applyText(tools, text)).map((line) => line.replace(/^\S+ \S+ /, ''))
  }

  it.each([
    ['{ length_min: 20, length_max: 16 }', 'length_min 20 is more than length_max 16: change one of them'],
    [
      '{ warn_days: 7 }',
      'warn_days warns of an end that is not set: set maximum_age_days, or warn_days to 0',
    ],
    [
      '{ warn_days: 30, maximum_age_days: 30 }',
      'warn_days 30 must be less than maximum_age_days 30: change one of them',
    ],
    [
      '{ minimum_age_hours: 48, maximum_age_days: 9, warn_days: 7 }',
      'minimum_age_hours 48 lasts until employees are asked for a new password: make it less than 48',
    ],
    [
      '{ breached_passwords: refuse }',
      'breached_passwords: refuse needs a source of breached passwords: set REKEY_BREACHED_PASSWORDS_SOURCE for the server and for this command, or write allow',
    ],
  ])('%s is refused with what to do', async (policy, sentence) => {
    expect(await problemsOf(policy)).toEqual([sentence])
  })

  it.each([
    ['{ minimum_age_hours: 24, maximum_age_days: 90, warn_days: 14 }'],
    ['{ minimum_age_hours: 720 }'],
    ['{ maximum_age_days: 1 }'],
  ])('%s can be kept', async (policy) => {
    expect(await problemsOf(policy)).toEqual([])
  })

  it('says of a password that cannot be judged now that the run is to be repeated', async () => {
    const users = 'users: [ { user_name: dora, name: Dora, password: "Xk2-Tr7!plum9" } ]'
    const away = { source: 'http://127.0.0.1:9', users }
    const lenient = '{ breached_passwords: refuse }'
    expect(await problemsOf(lenient, away)).toEqual([])
    const strict = '{ breached_passwords: refuse, breached_on_failure: refuse }'
    expect(await problemsOf(strict, away)).toEqual([
      'cannot be judged now (breach_check_failed): run apply again',
    ])
  })
})

describe('what people may change of themselves', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase('sqlite')
  })
  afterAll(() => database.close())
  const apply = (code: string, editable: string) =>
    applyText(
      createApplyTools(database.store),
      `tenant: { code: ${code} }\nprofile: { editable: ${editable} }`,
    )

  it.each([
    'mobile',
    'email',
    'user_name',
    'password',
    'org_code',
    'employee_id',
    'external_id',
    'attr_manager_id',
    'attr_user_type',
    'attr_hire_date',
    'attr_identity_number',
    'extension.',
  ])('%s never is', async (name) => {
    const said = problemLines(await apply(`t-${randomUUID()}`, `[name, ${name}]`))
    expect(said).toEqual([
      expect.stringMatching(/is nothing that people may change themselves: write name, /),
    ])
  })

  it('is replaced whole, kept by a file that does not speak of it, and as without a file again with null', async () => {
    const code = `t-${randomUUID()}`
    const editable = async () =>
      (await database.store.read.tenants.findByCode(code))?.settings.profile.editable
    await apply(code, '[attr_gender, extension.locker]')
    expect(await editable()).toEqual(['attr_gender', 'extension.locker'])
    await applyText(createApplyTools(database.store), `tenant: { code: ${code} }`)
    await apply(code, '[]')
    expect(await editable()).toEqual([])
    await apply(code, 'null')
    expect(await editable()).toEqual(['attr_nick_name', 'attr_area', 'attr_city'])
  })
})
