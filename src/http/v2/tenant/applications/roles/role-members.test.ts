import { describe, expect, it } from 'vitest'
import { newName, nobodysIds, useApplications } from '../../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../../test/support/databases.ts'

describeEachDatabase('members of a role', (kind) => {
  const fixture = useApplications(kind)

  async function aRole(change = {}) {
    const { application, create } = fixture()
    const app = await application(change)
    return { app, path: `${app}/role-member`, roleId: await create(`${app}/role`, { code: 'admin' }) }
  }
  const anAccount = (app: string) =>
    fixture().create(`${app}/accounts/public-account`, { account_name: newName() })

  describe.each([
    ['POST', 'application_role.members_added'],
    ['DELETE', 'application_role.members_removed'],
  ])('%s …/role-member', (method, action) => {
    it('200 changes all accounts that are there, says which are not, and records what was done', async () => {
      const { call, get, newestRow } = fixture()
      const { app, path, roleId } = await aRole()
      const theirs = await anAccount((await aRole()).app)
      const accounts = [await anAccount(app), await anAccount(app)]
      if (method === 'DELETE') {
        await call('POST', path, { role_id: roleId, account_Ids: accounts })
      }
      const account_Ids = [accounts[1], 'nobody', accounts[0], theirs, accounts[1], 'a\0b']
      const answer = await call(method, path, { role_id: roleId, account_Ids })
      expect([answer.status, answer.body]).toEqual([
        200,
        { success_list: [accounts[1], accounts[0]], fail_list: ['nobody', theirs, 'a\0b'] },
      ])
      const { total } = await get(`${app}/role-member-list/${roleId}?offset=0&limit=10`)
      expect(total).toBe(method === 'POST' ? 2 : 0)
      const row = await newestRow()
      expect(row).toMatchObject({
        action,
        targetKind: 'application_role',
        targetId: roleId,
        detail: { accountIds: [accounts[1], accounts[0]], failed: 3 },
      })
      const again = await call(method, path, { role_id: roleId, account_ids: accounts })
      expect(again.body).toEqual({ success_list: accounts, fail_list: [] })
      expect(await newestRow()).toEqual(row)
    })

    it('APP.0001, APP.OBJECTMODEL.0006 and APP.ROLE.9001 answer what is not there', async () => {
      const { application, outcome } = fixture()
      const [{ app, path, roleId }, other] = [await aRole(), await application()]
      const objectModels = { organizations: true, roles: false, severalRoles: true }
      const without = await application({ objectModels })
      const body = { role_id: roleId, account_Ids: [await anAccount(app)] }
      expect(await outcome(method, '/applications/nobody/role-member', body)).toBe('APP.0001')
      expect(await outcome(method, `${without}/role-member`, body)).toBe('APP.OBJECTMODEL.0006')
      expect(await outcome(method, `${other}/role-member`, body)).toBe('APP.ROLE.9001')
      for (const role_id of ['nobody', 'a\0b', '']) {
        expect(await outcome(method, path, { ...body, role_id })).toBe('APP.ROLE.9001')
      }
    })

    it('REQUEST.9002 answers no list, or one of more than 50', async () => {
      const { path, roleId } = await aRole()
      const many = Array.from({ length: 51 }, (_, index) => `a${index}`)
      for (const more of [{}, { account_Ids: [] }, { account_Ids: 'a' }, { account_ids: many }]) {
        expect(await fixture().outcome(method, path, { role_id: roleId, ...more })).toBe('REQUEST.9002')
      }
      expect(await fixture().outcome(method, path, { account_Ids: ['a'] })).toBe('REQUEST.9002')
    })
  })

  it('fails accounts that have another role where one is allowed', async () => {
    const { create, call } = fixture()
    const objectModels = { organizations: true, roles: true, severalRoles: false }
    const { app, path, roleId } = await aRole({ objectModels })
    const other = await create(`${app}/role`, { code: 'other' })
    const [one, two] = [await anAccount(app), await anAccount(app)]
    await call('POST', path, { role_id: other, account_Ids: [one] })
    const { body } = await call('POST', path, { role_id: roleId, account_Ids: [one, two] })
    expect(body).toEqual({ success_list: [two], fail_list: [one] })
  })

  it('gives in to no deadlock when many batches name the same accounts in other orders', async () => {
    const { call, get } = fixture()
    const { app, path, roleId } = await aRole()
    const accounts = await Promise.all(Array.from({ length: 6 }, () => anAccount(app)))
    const answers = await Promise.all(
      accounts.map((_, index) =>
        call('POST', path, {
          role_id: roleId,
          account_Ids: [...accounts.slice(index), ...accounts.slice(0, index)],
        }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect((await get(`${app}/role-member-list/${roleId}?offset=0&limit=10`)).total).toBe(6)
  })

  describe('GET …/role-member-list/{role_id}', () => {
    it('200 pages through every account that has the role, in order of id', async () => {
      const { call, get } = fixture()
      const { app, path, roleId } = await aRole()
      const accounts: string[] = []
      for (let index = 0; index < 12; index += 1) accounts.push(await anAccount(app))
      await anAccount(app)
      await call('POST', path, { role_id: roleId, account_Ids: accounts })
      const list = `${app}/role-member-list/${roleId}`
      const pages = [await get(`${list}?offset=0&limit=10`), await get(`${list}?offset=1&limit=10`)]
      expect(pages).toMatchObject([
        { total: 12, offset: 0, limit: 10 },
        { total: 12, offset: 1, limit: 10 },
      ])
      const records = pages.flatMap((page) => page.role_members as { id: string }[])
      expect(records.map(({ id }) => id)).toEqual(accounts.toSorted())
      expect(await get(`${app}/accounts/${records[0]?.id}`)).toEqual(records[0])
    })

    it('OAP.PAGE.0002, OAP.PAGE.0003, APP.0001 and APP.ROLE.9001', async () => {
      const { application, outcome } = fixture()
      const [{ app, roleId }, other] = [await aRole(), await application()]
      const list = `${app}/role-member-list/${roleId}`
      expect(await outcome('GET', `${list}?offset=0&limit=101`)).toBe('OAP.PAGE.0002')
      expect(await outcome('GET', `${list}?limit=10`)).toBe('OAP.PAGE.0003')
      const page = 'offset=0&limit=10'
      expect(await outcome('GET', `/applications/x/role-member-list/${roleId}?${page}`)).toBe('APP.0001')
      for (const each of [roleId, ...nobodysIds]) {
        expect(await outcome('GET', `${other}/role-member-list/${each}?${page}`)).toBe('APP.ROLE.9001')
      }
    })
  })
})
