import { describe, expect, it } from 'vitest'
import { newName, nobodysIds, useApplications } from '../../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../../test/support/databases.ts'

describeEachDatabase('PUT /api/v2/tenant/applications/{app_id}/accounts/{account_id}', (kind) => {
  const fixture = useApplications(kind)

  async function anAccount() {
    const { application, user, create } = fixture()
    const app = await application()
    await create(`${app}/organizations`, { org_code: 'dev', name: 'Development' })
    const body = { account_name: newName(), name: 'Zs', org_code: 'dev', extension: { a: 1 } }
    const id = await create(`${app}/accounts/basic-account`, { user_id: (await user()).id, ...body })
    return { app, id, path: `${app}/accounts/${id}` }
  }

  describe('200', () => {
    it.each([
      [{ account_name: 'New name' }, { account_name: 'New name' }],
      [{ name: 'New' }, { name: 'New' }],
      [{ name: '' }, { name: null }],
      [{ name: null }, { name: null }],
      [{ org_code: '' }, { org_id: null }],
      [{ org_code: null }, { org_id: null }],
      [{ disabled: true }, { disabled: true }],
      [{ extension: { b: 2 } }, { extension: { b: 2 } }],
      [{ extension: null }, { extension: {} }],
    ])('changes %j and leaves the rest', async (changes, expected) => {
      const { get, call } = fixture()
      const { id, path } = await anAccount()
      const before = await get(path)
      const answer = await call('PUT', path, changes)
      expect([answer.status, answer.text]).toEqual([200, `{"account_id":"${id}"}`])
      expect(await get(path)).toEqual({ ...before, ...expected })
    })

    it('moves an account to another organisation of the application', async () => {
      const { get, call, create } = fixture()
      const { app, path } = await anAccount()
      const orgId = await create(`${app}/organizations`, { org_code: 'ops', name: 'Operations' })
      await call('PUT', path, { org_code: 'OPS' })
      expect((await get(path)).org_id).toBe(orgId)
    })

    it('takes the case of its own name anew, and puts the fields on record without their values', async () => {
      const { get, call, newestRow } = fixture()
      const { path, id } = await anAccount()
      const name = String((await get(path)).account_name).toUpperCase()
      expect((await call('PUT', path, { account_name: name, name: 'Okapi' })).status).toBe(200)
      expect((await get(path)).account_name).toBe(name)
      const row = await newestRow()
      const detail = { fields: ['account_name', 'name'] }
      expect(row).toMatchObject({ action: 'account.updated', targetId: id, detail })
      expect(JSON.stringify(row)).not.toContain('Okapi')
    })

    it('changes and records nothing when everything is so already, and when nothing is sent', async () => {
      const { get, call, newestRow } = fixture()
      const { path } = await anAccount()
      const [before, newest] = [await get(path), await newestRow()]
      const same = { account_name: before.account_name, name: 'Zs', org_code: 'dev', disabled: false }
      for (const body of [same, { password: 'x' }, {}, undefined]) {
        expect((await call('PUT', path, body)).status).toBe(200)
      }
      expect([await get(path), await newestRow()]).toEqual([before, newest])
    })

    it('loses no change of another field that is made at the same time', async () => {
      const { get, call } = fixture()
      const { path } = await anAccount()
      await Promise.all([
        call('PUT', path, { name: 'New' }),
        call('PUT', path, { account_name: 'other' }),
        call('PUT', path, { extension: { c: 3 } }),
        call('PUT', `${path}/disable`),
      ])
      const expected = { name: 'New', account_name: 'other', extension: { c: 3 }, disabled: true }
      expect(await get(path)).toMatchObject(expected)
    })
  })

  it('APP.0001 and APP.ACCOUNT.0028 answer what is not there, in this application', async () => {
    const { outcome, application } = fixture()
    const { id } = await anAccount()
    const body = { name: 'New' }
    const other = await application()
    expect(await outcome('PUT', `/applications/nobody/accounts/${id}`, body)).toBe('APP.0001')
    for (const each of [id, ...nobodysIds]) {
      expect(await outcome('PUT', `${other}/accounts/${each}`, body)).toBe('APP.ACCOUNT.0028')
    }
  })

  it('APP.ORG.0024 answers an unknown organisation, and nothing is changed', async () => {
    const { outcome, get } = fixture()
    const { path } = await anAccount()
    expect(await outcome('PUT', path, { name: 'New', org_code: 'nobody' })).toBe('APP.ORG.0024')
    expect((await get(path)).name).toBe('Zs')
  })

  it('APP.ACC.0013 answers a name that another account has; one of many at once gets it', async () => {
    const { outcome, create, get } = fixture()
    const { app, path } = await anAccount()
    const names = [newName(), newName(), newName(), newName()]
    const paths = await Promise.all(
      names.map(async (name) => {
        const id = await create(`${app}/accounts/public-account`, { account_name: name })
        return `${app}/accounts/${id}`
      }),
    )
    expect(await outcome('PUT', path, { account_name: names[0]?.toUpperCase() })).toBe('APP.ACC.0013')
    const outcomes = await Promise.all(paths.map((each) => outcome('PUT', each, { account_name: 'wanted' })))
    expect(outcomes.toSorted()).toEqual([200, ...Array(3).fill('APP.ACC.0013')])
    expect((await get(`${app}/accounts?offset=0&limit=10`)).total).toBe(5)
  })

  it('APP.ACCOUNT.9001, APP.ACCOUNT.9002 and REQUEST.9002 answer attributes as on creation', async () => {
    const { outcome } = fixture()
    const { path } = await anAccount()
    for (const name of ['', ' a', 'a\0']) {
      expect(await outcome('PUT', path, { account_name: name })).toBe('APP.ACCOUNT.9001')
    }
    expect(await outcome('PUT', path, { name: 'a\0' })).toBe('APP.ACCOUNT.9002')
    expect(await outcome('PUT', path, { extension: { a: '\ud800' } })).toBe('APP.ACCOUNT.9002')
    for (const body of [{ account_name: null }, { disabled: 'true' }, { extension: 'x' }]) {
      expect(await outcome('PUT', path, body)).toBe('REQUEST.9002')
    }
  })
})
