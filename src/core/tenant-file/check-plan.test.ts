import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  applyText,
  createApplyTools,
  dumpTenant,
  applyEnvironment as environment,
  fullTenantFile as fullFile,
  problemLines,
} from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import type { ApplyTools } from './apply-tools.ts'

describeEachDatabase('a tenant file against the store', (kind) => {
  let database: TestDatabase
  let tools: ApplyTools
  beforeAll(async () => {
    database = await openTestDatabase(kind)
    tools = createApplyTools(database.store)
  })
  afterAll(() => database.close())

  const newCode = () => `t-${randomUUID()}`

  test('tells everything that file and store together get wrong, with its place, and changes nothing', async () => {
    const [other, code] = [newCode(), newCode()]
    await applyText(tools, fullFile(other), { environment })
    await applyText(tools, fullFile(code), { environment })
    const before = await dumpTenant(database.store, code)
    const report = await applyText(
      tools,
      `tenant: { code: ${code}, domains: [${other}.example] }
password_policy: { length_max: 8, length_min: 8 }
reset: { send_modes: [EMAIL] }
organizations: [ { code: hr, parent_code: nowhere }, { code: root } ]
users:
  - { user_name: alice, org_code: it, name: "   " }
  - { user_name: carol, org_code: no-such, email: Alice@acme.example, password: "short1A" }
  - { user_name: dan, mobile: "+86-13800000003", deliver_initial: SMS }
administrators: [ { user_name: zoe, role: owner } ]
`,
      { isPruning: true },
    )
    expect(problemLines(report)).toEqual([
      expect.stringMatching(/^1:\d+ tenant\.domains\[0\] t-.* is a domain of the stored tenant t-/),
      expect.stringMatching(/^2:18 password_policy policy_undeliverable: no password .* 60 bits .* on EMAIL/),
      '4:43 organizations[0].parent_code no organisation has the code nowhere: add it to organizations, or correct the code',
      '6:35 users[0].org_code no organisation has the code it: add it to organizations, or correct the code',
      '6:45 users[0].name must not be empty',
      '7:35 users[1].org_code no organisation has the code no-such: add it to organizations, or correct the code',
      '7:51 users[1].email is already the email of alice: take it away there, or change it here',
      expect.stringMatching(/^7:81 users\[1\]\.password does not meet the password policy \(length\)/),
      '8:67 users[2].deliver_initial SMS is not in reset.send_modes: add it there, or choose another',
      '9:32 administrators[0].user_name no user has the name zoe: add the user, or correct the name',
    ])
    expect(report.tenants).toEqual([])
    expect(await dumpTenant(database.store, code)).toBe(before)
  })

  test('keeps an organisation that users are in', async () => {
    const code = newCode()
    await applyText(tools, fullFile(code), { environment })
    const report = await applyText(tools, `tenant: { code: ${code} }\norganizations: [ { code: root } ]`, {
      isPruning: true,
    })
    expect(problemLines(report)).toEqual([
      '2:16 organizations organisation it cannot be removed while alice are in it: give them another org_code, or keep it',
    ])
  })
})
