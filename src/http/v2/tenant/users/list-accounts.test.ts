import { expect, it } from 'vitest'
import { newName, nobodysIds, useApplications } from '../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'

describeEachDatabase('GET /api/v2/tenant/users/{user_id}/accounts', (kind) => {
  const fixture = useApplications(kind)

  it('200 lists the user’s own accounts and the public ones that the user uses, and nobody else’s', async () => {
    const { application, user, create, call } = fixture()
    const [one, two, someone, other] = [await application(), await application(), await user(), await user()]
    const path = `/users/${someone.id}/accounts`
    expect((await call('GET', path)).text).toBe('{"total":0,"accounts":[]}')
    const body = { account_name: 'Own', name: 'Zs', extension: { a: 1 } }
    const ownId = await create(`${one}/accounts/basic-account`, { user_id: someone.id, ...body })
    await create(`${one}/accounts/basic-account`, { user_id: other.id })
    const publicId = await create(`${two}/accounts/public-account`, { account_name: 'Desk' })
    await create(`${two}/accounts/public-account`, { account_name: 'Unused' })
    await call('POST', `${two}/accounts/public-account/${publicId}/users/bind`, {
      user_names: [someone.userName],
    })
    const own = { account_type: 'BASIC_ACCOUNT', extension: { a: 1 }, account_name: 'Own', name: 'Zs' }
    const used = { account_type: 'PUBLIC_ACCOUNT', extension: {}, account_name: 'Desk', name: null }
    const idOf = (app: string) => app.split('/').at(-1) ?? ''
    const expected = [
      { ...own, id: ownId, application_id: idOf(one) },
      { ...used, id: publicId, application_id: idOf(two) },
    ].toSorted((left, right) => (left.application_id < right.application_id ? -1 : 1))
    expect((await call('GET', path)).body).toEqual({ total: 2, accounts: expected })
  })

  it('200 lists a page of them where one is asked for', async () => {
    const { application, user, call, create, get } = fixture()
    const [app, someone] = [await application(), await user()]
    for (let index = 0; index < 11; index += 1) {
      const id = await create(`${app}/accounts/public-account`, { account_name: newName() })
      const body = { user_names: [someone.userName] }
      await call('POST', `${app}/accounts/public-account/${id}/users/bind`, body)
    }
    const path = `/users/${someone.id}/accounts`
    const pages = [await get(`${path}?offset=0&limit=10`), await get(`${path}?offset=1&limit=10`)]
    expect(pages.map(({ total }) => total)).toEqual([11, 11])
    expect(pages.flatMap(({ accounts }) => accounts)).toEqual((await get(path)).accounts)
  })

  it('OAP.PAGE.0002 and OAP.PAGE.0003 answer a page that is out of limits, or half of one', async () => {
    const { user, outcome } = fixture()
    const path = `/users/${(await user()).id}/accounts`
    for (const query of ['offset=0', 'offset=0&limit=9']) {
      expect(await outcome('GET', `${path}?${query}`)).toBe('OAP.PAGE.0002')
    }
    expect(await outcome('GET', `${path}?limit=10`)).toBe('OAP.PAGE.0003')
  })

  it.each(nobodysIds)('USER.0001 answers the user %s', async (id) => {
    expect(await fixture().outcome('GET', `/users/${id}/accounts`)).toBe('USER.0001')
  })
})
