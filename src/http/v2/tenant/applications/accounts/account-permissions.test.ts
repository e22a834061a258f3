import { describe, expect, it } from 'vitest'
import { newName, nobodysIds, useApplications } from '../../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../../test/support/databases.ts'

describeEachDatabase('permissions of accounts', (kind) => {
  const fixture = useApplications(kind)

  describe('GET …/account/{account_id}/permissions', () => {
    it('200 answers the roles of the account with their codes', async () => {
      const { application, create, call } = fixture()
      const app = await application()
      const id = await create(`${app}/accounts/public-account`, { account_name: newName() })
      const path = `${app}/account/${id}/permissions`
      expect((await call('GET', path)).text).toBe('{"roles":[],"funcPerms":[],"dataPerms":[]}')
      const roleId = await create(`${app}/role`, { code: 'Admin', name: 'Administrator' })
      await call('POST', `${app}/accounts/${id}/member-role`, { role_ids: [roleId] })
      expect((await call('GET', path)).body).toEqual({
        roles: [{ id: roleId, remoteId: 'Admin' }],
        funcPerms: [],
        dataPerms: [],
      })
    })

    it('APP.0001 and APP.ACCOUNT.0028 answer what is not there, in this application', async () => {
      const { application, create, outcome } = fixture()
      const [app, other] = [await application(), await application()]
      const id = await create(`${app}/accounts/public-account`, { account_name: newName() })
      expect(await outcome('GET', `/applications/nobody/account/${id}/permissions`)).toBe('APP.0001')
      for (const each of [id, ...nobodysIds]) {
        expect(await outcome('GET', `${other}/account/${each}/permissions`)).toBe('APP.ACCOUNT.0028')
      }
    })
  })

  describe('GET …/accounts/permissions/page', () => {
    it('200 lists every account with its roles, a page at a time, in order of id', async () => {
      const { application, create, call, get } = fixture()
      const app = await application()
      const roleIds = [await create(`${app}/role`, { code: 'a' }), await create(`${app}/role`, { code: 'b' })]
      const ids: string[] = []
      for (let index = 0; index < 5; index += 1) {
        ids.push(await create(`${app}/accounts/public-account`, { account_name: newName() }))
      }
      ids.sort()
      await call('POST', `${app}/accounts/${ids[1]}/member-role`, { role_ids: roleIds })
      await call('POST', `${app}/accounts/${ids[4]}/member-role`, { role_ids: [roleIds[1]] })
      const roles = [
        { id: roleIds[0], remoteId: 'a' },
        { id: roleIds[1], remoteId: 'b' },
      ].toSorted((left, right) => (String(left.id) < String(right.id) ? -1 : 1))
      const record = (index: number, has: unknown) => ({ accountId: ids[index], roles: has, funcPerms: [] })
      const path = `${app}/accounts/permissions/page`
      expect(await get(`${path}?offset=0&limit=2`)).toEqual({
        number: 0,
        total: 5,
        size: 2,
        list: [record(0, []), record(1, roles)],
      })
      expect(await get(`${path}?offset=2&limit=2`)).toEqual({
        number: 2,
        total: 5,
        size: 2,
        list: [record(4, [{ id: roleIds[1], remoteId: 'b' }])],
      })
      expect(await get(`${path}?offset=9&limit=50`)).toEqual({ number: 9, total: 5, size: 50, list: [] })
    })

    it.each(['limit=0', 'limit=51', 'limit=x', ''])('OAP.PAGE.0002 answers %j', async (limit) => {
      const path = `${await fixture().application()}/accounts/permissions/page?offset=0&${limit}`
      expect(await fixture().outcome('GET', path)).toBe('OAP.PAGE.0002')
    })

    it.each(['offset=-1', 'offset=1000000001', ''])('OAP.PAGE.0003 answers %j', async (offset) => {
      const path = `${await fixture().application()}/accounts/permissions/page?limit=1&${offset}`
      expect(await fixture().outcome('GET', path)).toBe('OAP.PAGE.0003')
    })

    it.each(nobodysIds)('APP.0001 answers the application %s', async (id) => {
      const path = `/applications/${id}/accounts/permissions/page?offset=0&limit=10`
      expect(await fixture().outcome('GET', path)).toBe('APP.0001')
    })
  })
})
