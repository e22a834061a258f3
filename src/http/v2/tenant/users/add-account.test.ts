import { describe, expect, it } from 'vitest'
import { newName, nobodysIds, useApplications } from '../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'

describeEachDatabase('POST /api/v2/tenant/users/{user_id}/applications/{app_id}/accounts', (kind) => {
  const fixture = useApplications(kind)

  describe('200', () => {
    it.each([undefined, {}, { account_name: '' }, { account_name: null }])(
      'names the account after the user for %j',
      async (body) => {
        const { application, user, call, get, newestRow } = fixture()
        const [app, { id: userId, userName }] = [await application(), await user()]
        const answer = await call('POST', `/users/${userId}${app}/accounts`, body)
        expect([answer.status, Object.keys(answer.body)]).toEqual([200, ['account_id']])
        const id = String(answer.body.account_id)
        const record = { account_name: userName, account_type: 'BASIC_ACCOUNT', name: null, disabled: false }
        expect(await get(`${app}/accounts/${id}`)).toMatchObject(record)
        expect(await newestRow()).toMatchObject({
          action: 'account.created',
          targetId: id,
          detail: { userId },
        })
      },
    )

    it('names it as it is told to', async () => {
      const { application, user, create, get } = fixture()
      const [app, { id: userId }] = [await application(), await user()]
      const id = await create(`/users/${userId}${app}/accounts`, { account_name: 'example01' })
      expect((await get(`${app}/accounts/${id}`)).account_name).toBe('example01')
    })
  })

  it('USER.0001 answers nobody, APP.0001 no application', async () => {
    const { application, user, outcome } = fixture()
    const [app, { id: userId }] = [await application(), await user()]
    for (const id of nobodysIds) {
      expect(await outcome('POST', `/users/${id}${app}/accounts`, {})).toBe('USER.0001')
      expect(await outcome('POST', `/users/${userId}/applications/${id}/accounts`, {})).toBe('APP.0001')
    }
  })

  it('APP.ACC.0029 answers a second account; of many calls at once, one makes it', async () => {
    const { application, user, outcome } = fixture()
    const [app, { id: userId }] = [await application(), await user()]
    const path = `/users/${userId}${app}/accounts`
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => outcome('POST', path, {})))
    expect(outcomes.toSorted()).toEqual([200, ...Array(5).fill('APP.ACC.0029')])
    expect(await outcome('POST', path, { account_name: newName() })).toBe('APP.ACC.0029')
  })

  it('APP.ACC.0013 answers a name that another account has', async () => {
    const { application, user, create, outcome } = fixture()
    const [app, { id: userId, userName }] = [await application(), await user()]
    await create(`${app}/accounts/public-account`, { account_name: userName.toUpperCase() })
    expect(await outcome('POST', `/users/${userId}${app}/accounts`, {})).toBe('APP.ACC.0013')
  })

  it('APP.ACCOUNT.9001 and REQUEST.9002 answer names that are none', async () => {
    const { application, user, outcome } = fixture()
    const path = `/users/${(await user()).id}${await application()}/accounts`
    expect(await outcome('POST', path, { account_name: ' a' })).toBe('APP.ACCOUNT.9001')
    expect(await outcome('POST', path, { account_name: 1 })).toBe('REQUEST.9002')
  })
})
