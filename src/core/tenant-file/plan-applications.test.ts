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

describeEachDatabase('object models of applications in a tenant file', (kind) => {
  let database: TestDatabase
  const code = `t-${randomUUID()}`
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const apply = (keys: string) =>
    applyText(
      createApplyTools(database.store),
      `tenant: { code: ${code} }\napplications: [ { name: Desk, client_id: desk, client_secret: "a-secret-of-the-desk-1"${keys} } ]\n`,
    )
  const stored = async () =>
    (await readConfiguration(database.store.read, code)).applications.map(({ objectModels }) => objectModels)

  it('are all on unless the file says otherwise, and stay when it says nothing', async () => {
    await apply('')
    expect(await stored()).toEqual([{ organizations: true, roles: true, severalRoles: true }])
    const changed = await apply(', own_organizations: false, several_roles: false')
    expect(changeLines(changed)).toEqual(['update application desk: own_organizations, several_roles'])
    expect(changeLines(await apply(', own_roles: false'))).toEqual(['update application desk: own_roles'])
    expect(changeLines(await apply(''))).toEqual([])
    expect(await stored()).toEqual([{ organizations: false, roles: false, severalRoles: false }])
  })
})

describeEachDatabase('resets of an application in a tenant file', (kind) => {
  let database: TestDatabase
  const code = `t-${randomUUID()}`
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const apply = (keys: string, organizations = '[ { code: root }, { code: it, parent_code: root } ]') =>
    applyText(
      createApplyTools(database.store),
      `tenant: { code: ${code} }
organizations: ${organizations}
applications:
  - { name: Desk, client_id: desk, client_secret: "a-secret-of-the-desk-1"${keys} }
`,
    )
  const stored = async () => {
    const { applications, organizations } = await readConfiguration(database.store.read, code)
    const codeOf = (id: string) => organizations.find((row) => row.id === id)?.code
    return applications.map((row) => row.resetOrganizationIds?.map(codeOf))
  }

  it('are for everybody unless bound, and stay bound when the file says nothing', async () => {
    await apply(', permissions: [user_reset]')
    expect(await stored()).toEqual([undefined])
    const bound = await apply(', reset_organizations: [IT]')
    expect(changeLines(bound)).toEqual(['update application desk: reset_organizations'])
    expect(changeLines(await apply(''))).toEqual([])
    expect(await stored()).toEqual([['it']])
    const lifted = await apply(', reset_organizations: null')
    expect(changeLines(lifted)).toEqual(['update application desk: reset_organizations'])
    expect(await stored()).toEqual([undefined])
  })

  it('are bound only to organisations that there are, and only where the bound holds', async () => {
    expect(problemLines(await apply(', reset_organizations: [it, hr]'))).toEqual([
      expect.stringMatching(
        /^4:\d+ applications\[0\]\.reset_organizations\[1\] no organisation has the code hr: add it/,
      ),
    ])
    expect(problemLines(await apply(', reset_organizations: []'))).toEqual([
      expect.stringMatching(/ applications\[0\]\.reset_organizations must not be empty$/),
    ])
    await apply(', permissions: [user_reset], reset_organizations: [it]')
    const message =
      'reset_organizations bounds nothing beside user_all: grant user_reset instead of user_all, or set reset_organizations to null'
    for (const keys of [
      ', permissions: [user_all]',
      ', permissions: [user_all], reset_organizations: [it]',
    ]) {
      expect(problemLines(await apply(keys))).toEqual([expect.stringContaining(message)])
    }
    expect(await stored()).toEqual([['it']])
  })
})

describeEachDatabase('the lifetime of access tokens in a tenant file', (kind) => {
  let database: TestDatabase
  const code = `t-${randomUUID()}`
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const apply = (keys: string) =>
    applyText(
      createApplyTools(database.store),
      `tenant: { code: ${code} }\napplications: [ { name: Desk, client_id: desk, client_secret: "a-secret-of-the-desk-1"${keys} } ]\n`,
    )
  const stored = async () => {
    const { applications } = await readConfiguration(database.store.read, code)
    return applications.map(({ tokenLifetimeSeconds, version }) => [tokenLifetimeSeconds, version])
  }

  it('is half an hour unless the file says otherwise, and leaves earlier tokens good', async () => {
    await apply('')
    expect(await stored()).toEqual([[1_800, 1]])
    const changed = await apply(', token_lifetime_seconds: 300')
    expect(changeLines(changed)).toEqual(['update application desk: token_lifetime_seconds'])
    expect(changeLines(await apply(''))).toEqual([])
    expect(await stored()).toEqual([[300, 1]])
    await apply(', token_lifetime_seconds: null')
    expect(await stored()).toEqual([[1_800, 1]])
  })

  it.each([59, 86_401])('is not %d seconds', async (seconds) => {
    expect(problemLines(await apply(`, token_lifetime_seconds: ${seconds}`))).toEqual([
      expect.stringContaining('must be a whole number from 60 to 86400'),
    ])
  })
})
