import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { applyText, changeLines, createApplyTools } from '../../../test/support/apply-fixture.ts'
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
