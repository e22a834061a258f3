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
      expect.stringMatching(
        /^2:18 password_policy policy_undeliverable: the longest password that length_max lets through has 8 characters and 40\.\d bits of chance on EMAIL, and must have 60: allow longer passwords, or take EMAIL out/,
      ),
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

  test.each([
    [
      'digits, 20 of them',
      '{ variable_length_max: 20, variable_characters: digits }',
      '{ classes_min: 3 }',
      /classes_min 3 is more than the 1 kind of character that every SMS gateway carries/,
    ],
    [
      'digits, 20 of them, without runs',
      '{ variable_length_max: 20, variable_characters: digits }',
      '{ classes_min: 1 }',
      /template_limits of the SMS gateways let through has 20 characters and 59\.\d bits/,
    ],
    [
      'a code of six',
      '{ variable_length_max: 6 }',
      '{ length_min: 8, classes_min: 1 }',
      /length_min 8 is more than the 6 characters that every SMS gateway carries/,
    ],
  ])('refuses a policy that no SMS gateway can carry: %s', async (_title, limits, policy, sentence) => {
    const report = await applyText(tools, smsFile(newCode(), limits, policy))
    expect(problemLines(report)).toEqual([
      expect.stringMatching(
        new RegExp(`^3:\\d+ gateways\\[0\\]\\.template_limits policy_undeliverable: .*${sentence.source}`),
      ),
    ])
    expect(report.tenants).toEqual([])
  })

  test('refuses a stricter policy against the limits of a gateway that is stored', async () => {
    const code = newCode()
    const limits = '{ variable_length_max: 20, variable_characters: alphanumeric }'
    expect((await applyText(tools, smsFile(code, limits, '{ classes_min: 3 }'))).ok).toBe(true)
    const report = await applyText(tools, `tenant: { code: ${code} }\npassword_policy: { length_min: 24 }`)
    expect(problemLines(report)).toEqual([
      expect.stringMatching(/^2:18 password_policy policy_undeliverable: length_min 24 is more than the 20 /),
    ])
  })

  test('takes 20 digits where the policy allows runs, which is 60 bits', async () => {
    const limits = '{ variable_length_max: 20, variable_characters: digits }'
    const report = await applyText(tools, smsFile(newCode(), limits, '{ classes_min: 1, repeats_max: 0 }'))
    expect(report.problems).toEqual([])
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

function smsFile(code: string, limits: string, policy: string): string {
  return `tenant: { code: ${code} }
password_policy: ${policy}
gateways: [ { name: sms, channel: SMS, kind: sms-http, url: "http://127.0.0.1:9/", body: '{"to":"{{ to }}","text":"{{ text }}"}', template_limits: ${limits} } ]
`
}
