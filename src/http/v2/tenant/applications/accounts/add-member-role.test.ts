import { expect, it } from 'vitest'
import { newName, nobodysIds, useApplications } from '../../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../../test/support/databases.ts'

describeEachDatabase('POST …/accounts/{account_id}/member-role', (kind) => {
  const fixture = useApplications(kind)

  async function anAccount(change = {}) {
    const { application, create } = fixture()
    const app = await application(change)
    const id = await create(`${app}/accounts/public-account`, { account_name: newName() })
    return { app, id, path: `${app}/accounts/${id}/member-role` }
  }
  const aRole = (app: string) => fixture().create(`${app}/role`, { code: newName('role') })
  const rolesOf = async (app: string, id: string) => {
    const { roles } = await fixture().get(`${app}/account/${id}/permissions`)
    return (roles as { id: string }[]).map((role) => role.id)
  }

  it('200 gives an account all roles that are there, and says which are not', async () => {
    const { call, newestRow } = fixture()
    const { app, id, path } = await anAccount()
    const theirs = await aRole((await anAccount()).app)
    const roles = [await aRole(app), await aRole(app)]
    const role_ids = [roles[1], 'nobody', roles[0], theirs, roles[1], 'a\0b']
    const answer = await call('POST', path, { role_ids })
    expect([answer.status, answer.body]).toEqual([
      200,
      { success_list: [roles[1], roles[0]], fail_list: ['nobody', theirs, 'a\0b'] },
    ])
    expect(await rolesOf(app, id)).toEqual(roles.toSorted())
    expect(await newestRow()).toMatchObject({
      action: 'account.roles_added',
      targetKind: 'account',
      targetId: id,
      detail: { roleIds: [roles[1], roles[0]], failed: 3 },
    })
  })

  it('200 counts what the account has already as a success, and puts nothing on record', async () => {
    const { call, newestRow } = fixture()
    const { app, path } = await anAccount()
    const roleId = await aRole(app)
    await call('POST', path, { role_ids: [roleId] })
    const row = await newestRow()
    const { body } = await call('POST', path, { role_ids: [roleId] })
    expect(body).toEqual({ success_list: [roleId], fail_list: [] })
    expect((await call('POST', path, { role_ids: ['nobody'] })).body.fail_list).toEqual(['nobody'])
    expect(await newestRow()).toEqual(row)
  })

  it('APP.ROLE.0004 answers a second role where one is allowed, and nothing is changed', async () => {
    const { outcome } = fixture()
    const objectModels = { organizations: true, roles: true, severalRoles: false }
    const { app, id, path } = await anAccount({ objectModels })
    const [one, two] = [await aRole(app), await aRole(app)]
    expect(await outcome('POST', path, { role_ids: [one, two] })).toBe('APP.ROLE.0004')
    expect(await rolesOf(app, id)).toEqual([])
    const outcomes = await Promise.all(
      [one, two].map((roleId) => outcome('POST', path, { role_ids: [roleId] })),
    )
    expect(outcomes.toSorted()).toEqual([200, 'APP.ROLE.0004'])
    expect(await outcome('POST', path, { role_ids: [one, two] })).toBe('APP.ROLE.0004')
    const [has] = await rolesOf(app, id)
    expect(await outcome('POST', path, { role_ids: [has, 'nobody'] })).toBe(200)
  })

  it('leaves no account with a role that is deleted at the same time', async () => {
    const { outcome } = fixture()
    for (let round = 0; round < 8; round += 1) {
      const { app, path } = await anAccount()
      const roleId = await aRole(app)
      const [removed, given] = await Promise.all([
        outcome('DELETE', `${app}/role/${roleId}`),
        fixture().call('POST', path, { role_ids: [roleId] }),
      ])
      const gave = (given.body.success_list as string[]).length
      expect([
        [200, 0],
        ['APP.ROLE.9005', 1],
      ]).toContainEqual([removed, gave])
    }
  })

  it('APP.OBJECTMODEL.0006 answers an application without roles', async () => {
    const objectModels = { organizations: true, roles: false, severalRoles: true }
    const { path } = await anAccount({ objectModels })
    expect(await fixture().outcome('POST', path, { role_ids: ['x'] })).toBe('APP.OBJECTMODEL.0006')
  })

  it('APP.0001 and APP.ACCOUNT.0028 answer what is not there, in this application', async () => {
    const { outcome } = fixture()
    const [{ app }, { id }] = [await anAccount(), await anAccount()]
    const body = { role_ids: [await aRole(app)] }
    expect(await outcome('POST', `/applications/nobody/accounts/${id}/member-role`, body)).toBe('APP.0001')
    for (const each of [id, ...nobodysIds]) {
      expect(await outcome('POST', `${app}/accounts/${each}/member-role`, body)).toBe('APP.ACCOUNT.0028')
    }
  })

  it('REQUEST.9002 answers no list, or one of more than 50', async () => {
    const { path } = await anAccount()
    const many = Array.from({ length: 51 }, (_, index) => `r${index}`)
    for (const body of [{}, { role_ids: [] }, { role_ids: 'a' }, { role_ids: [1] }, { role_ids: many }]) {
      expect(await fixture().outcome('POST', path, body)).toBe('REQUEST.9002')
    }
  })
})
