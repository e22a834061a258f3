import { expect, it } from 'vitest'
import { newName, nobodysIds, useApplications } from '../../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../../test/support/databases.ts'

describeEachDatabase('DELETE /api/v2/tenant/applications/{app_id}/accounts/{account_id}', (kind) => {
  const fixture = useApplications(kind)

  it('204 removes an account with its roles and uses, answers nothing, and frees name and user', async () => {
    const { application, user, create, call, outcome, get, newestRow, database } = fixture()
    const [app, someone] = [await application(), await user()]
    const basic = { user_id: someone.id, account_name: 'one' }
    const id = await create(`${app}/accounts/basic-account`, basic)
    const publicId = await create(`${app}/accounts/public-account`, { account_name: 'two' })
    const names = { user_names: [someone.userName] }
    await call('POST', `${app}/accounts/public-account/${publicId}/users/bind`, names)
    const roleId = await create(`${app}/role`, { code: 'admin' })
    for (const each of [id, publicId]) {
      await call('POST', `${app}/accounts/${each}/member-role`, { role_ids: [roleId] })
    }
    for (const [each, type] of [
      [id, 'BASIC_ACCOUNT'],
      [publicId, 'PUBLIC_ACCOUNT'],
    ]) {
      const answer = await call('DELETE', `${app}/accounts/${each}`)
      expect([answer.status, answer.text]).toEqual([204, ''])
      expect(await newestRow()).toMatchObject({ action: 'account.removed', targetId: each, detail: { type } })
      expect(await outcome('GET', `${app}/accounts/${each}`)).toBe('APP.ACCOUNT.0028')
    }
    for (const table of ['account_roles', 'account_users']) {
      const rows = await database.query(`select * from ${table} where account_id in ($1, $2)`, [id, publicId])
      expect([table, rows]).toEqual([table, []])
    }
    expect((await get(`${app}/accounts?offset=0&limit=10`)).total).toBe(0)
    await create(`${app}/accounts/basic-account`, basic)
    expect(await outcome('DELETE', `${app}/role/${roleId}`)).toBe(200)
  })

  it('lets one of many calls at once remove it', async () => {
    const { application, create, outcome, get } = fixture()
    const app = await application()
    const id = await create(`${app}/accounts/public-account`, { account_name: newName() })
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => outcome('DELETE', `${app}/accounts/${id}`)),
    )
    expect(outcomes.toSorted()).toEqual([204, ...Array(4).fill('APP.ACCOUNT.0028')])
    expect((await get(`${app}/accounts?offset=0&limit=10`)).total).toBe(0)
  })

  it('APP.0001 and APP.ACCOUNT.0028 answer what is not there, in this application', async () => {
    const { application, create, outcome } = fixture()
    const [app, other] = [await application(), await application()]
    const id = await create(`${app}/accounts/public-account`, { account_name: newName() })
    expect(await outcome('DELETE', `/applications/nobody/accounts/${id}`)).toBe('APP.0001')
    for (const each of [id, ...nobodysIds]) {
      expect(await outcome('DELETE', `${other}/accounts/${each}`)).toBe('APP.ACCOUNT.0028')
    }
  })
})
