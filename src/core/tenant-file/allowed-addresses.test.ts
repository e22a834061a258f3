import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  applyText,
  changeLines,
  createApplyTools,
  problemLines,
} from '../../../test/support/apply-fixture.ts'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../../test/support/databases.ts'
import { readConfiguration } from './tenant-plan.ts'

describeEachDatabase('addresses of an application in a tenant file', (kind) => {
  let database: TestDatabase
  const code = `t-${randomUUID()}`
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const apply = (keys: string, environment: Readonly<Record<string, string>> = {}) =>
    applyText(
      createApplyTools(database.store),
      `tenant: { code: ${code} }\napplications:\n  - { name: Desk, client_id: desk, client_secret: "a-secret-of-the-desk-1"${keys} }\n`,
      { environment },
    )
  const stored = async () => {
    const { applications } = await readConfiguration(database.store.read, code)
    return applications.map(({ allowedAddresses }) => allowedAddresses)
  }

  it('are all of them unless the file says otherwise, and stay when it says nothing', async () => {
    await apply('')
    expect(await stored()).toEqual([[]])
    const list = `["10.1.2.*", "192.0.2.0/24", "2001:DB8:0::/32", "198.51.100.7", "\${OFFICE}"]`
    const office = { OFFICE: '203.0.113.1' }
    const changed = await apply(`, allowed_addresses: ${list}`, office)
    expect(changeLines(changed)).toEqual(['update application desk: allowed_addresses'])
    const kept = ['10.1.2.0/24', '192.0.2.0/24', '2001:db8::/32', '198.51.100.7', '203.0.113.1']
    expect(await stored()).toEqual([kept])
    expect(changeLines(await apply(`, allowed_addresses: ${list}`, office))).toEqual([])
    expect(changeLines(await apply(''))).toEqual([])
    for (const none of ['[]', 'null']) {
      await apply(`, allowed_addresses: ${list}`, office)
      const lifted = await apply(`, allowed_addresses: ${none}`)
      expect(changeLines(lifted)).toEqual(['update application desk: allowed_addresses'])
      expect(await stored()).toEqual([[]])
    }
  })

  it.each([
    [
      '"10.1.2"',
      '[0] "10.1.2" is no address and no range: write one such as 192.0.2.7, 192.0.2.*, 192.0.2.0/24 or 2001:db8::/32',
    ],
    [
      '"192.0.2.7/24"',
      '[0] "192.0.2.7/24" has bits beyond its prefix: write the first address of the range: 192.0.2.0/24',
    ],
    [
      '"::ffff:10.1.2.3"',
      '[0] "::ffff:10.1.2.3" is an IPv4 address in an IPv6 one: write it as IPv4: 10.1.2.3',
    ],
    [
      '"10.*.2.1"',
      '[0] "10.*.2.1" has a * that is not the last number of an IPv4 address: write a prefix such as 10.1.0.0/16',
    ],
    ['"192.0.2.0/40"', '[0] "192.0.2.0/40" has no prefix that fits: write / and a number from 0 to 32'],
    [`"\${OFFICE}"`, `[0] "\${OFFICE}" has bits beyond its prefix: write the first address of the range`],
    [
      '"10.1.2.*", "10.1.2.0/24"',
      '[1] is the same as applications[0].allowed_addresses[0]: remove or change one of them',
    ],
    [
      '"2001:db8::1", "2001:DB8:0::1"',
      '[1] is the same as applications[0].allowed_addresses[0]: remove or change one of them',
    ],
    [
      Array.from({ length: 11 }, (_, index) => `10.0.0.${index}`).join(),
      ' must not have more than 10 entries',
    ],
  ])('are not %s', async (entries, problem) => {
    const done = await apply(`, allowed_addresses: [${entries}]`, { OFFICE: '203.0.113.1/24' })
    const [line = '', ...others] = problemLines(done)
    expect(line.replace(/^3:\d+ /, '')).toBe(`applications[0].allowed_addresses${problem}`)
    expect(others).toEqual([])
  })
})
