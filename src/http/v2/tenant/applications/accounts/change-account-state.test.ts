import { expect, it } from 'vitest'
import { newName, nobodysIds, useApplications } from '../../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../../test/support/databases.ts'

describeEachDatabase('PUT /api/v2/tenant/applications/{app_id}/accounts/{account_id}/…able', (kind) => {
  const fixture = useApplications(kind)

  it('200 disables and enables, puts each change on record, and a repeat not', async () => {
    const { application, create, call, get, newestRow } = fixture()
    const app = await application()
    const id = await create(`${app}/accounts/public-account`, { account_name: newName(), name: 'Zs' })
    const path = `${app}/accounts/${id}`
    const before = await get(path)
    for (const [verb, action, disabled] of [
      ['disable', 'account.disabled', true],
      ['enable', 'account.enabled', false],
    ] as const) {
      const answer = await call('PUT', `${path}/${verb}`)
      expect([answer.status, answer.text]).toEqual([200, `{"account_id":"${id}"}`])
      expect(await get(path)).toEqual({ ...before, disabled })
      const row = await newestRow()
      expect(row).toMatchObject({ action, targetId: id })
      expect((await call('PUT', `${path}/${verb}`)).status).toBe(200)
      expect(await newestRow()).toEqual(row)
    }
  })

  it.each(['enable', 'disable'])('APP.0001 and APP.ACCOUNT.0028 answer %s of nothing', async (verb) => {
    const { application, create, outcome } = fixture()
    const [app, other] = [await application(), await application()]
    const id = await create(`${app}/accounts/public-account`, { account_name: newName() })
    expect(await outcome('PUT', `/applications/nobody/accounts/${id}/${verb}`)).toBe('APP.0001')
    for (const each of [id, ...nobodysIds]) {
      expect(await outcome('PUT', `${other}/accounts/${each}/${verb}`)).toBe('APP.ACCOUNT.0028')
    }
  })
})
