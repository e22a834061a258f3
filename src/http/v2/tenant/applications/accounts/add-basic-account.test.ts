import { describe, expect, it } from 'vitest'
import { newName, useApplications } from '../../../../../../test/support/application-fixture.ts'
import { describeEachDatabase } from '../../../../../../test/support/databases.ts'

describeEachDatabase('POST /api/v2/tenant/applications/{app_id}/accounts/basic-account', (kind) => {
  const fixture = useApplications(kind)

  describe('201', () => {
    it('gives a user an account with every attribute, and answers its id alone', async () => {
      const { application, user, call, create, get, newestRow } = fixture()
      const [app, { id: userId }] = [await application(), await user()]
      const orgId = await create(`${app}/organizations`, { org_code: 'dev', name: 'Development' })
      const accountName = newName()
      const answer = await call('POST', `${app}/accounts/basic-account`, {
        user_id: userId,
        account_name: accountName,
        name: '张三',
        org_code: 'DEV',
        password: 'Very-Secret-1',
        disabled: true,
        extension: { uid: '1' },
      })
      expect(answer.status).toBe(201)
      expect(Object.keys(answer.body)).toEqual(['account_id'])
      const id = String(answer.body.account_id)
      expect(await get(`${app}/accounts/${id}`)).toEqual({
        id,
        account_name: accountName,
        name: '张三',
        org_id: orgId,
        account_type: 'BASIC_ACCOUNT',
        disabled: true,
        attr_manager_id: userId,
        extension: { uid: '1' },
      })
      const row = await newestRow()
      expect(row).toMatchObject({
        action: 'account.created',
        actor: { kind: 'application' },
        targetKind: 'account',
        targetId: id,
        detail: { applicationId: app.split('/').at(-1), type: 'BASIC_ACCOUNT', userId },
      })
      expect(JSON.stringify(row)).not.toContain('张三')
    })

    it.each([
      {},
      { account_name: '', name: '', org_code: '', password: '', disabled: false, extension: {} },
      { account_name: null, name: null, org_code: null, password: null, disabled: null, extension: null },
    ])('names it after the user for %j', async (more) => {
      const { application, user, create, get } = fixture()
      const [app, { id: userId, userName }] = [await application(), await user()]
      const id = await create(`${app}/accounts/basic-account`, { user_id: userId, ...more })
      expect(await get(`${app}/accounts/${id}`)).toMatchObject({
        account_name: userName,
        name: null,
        org_id: null,
        disabled: false,
        extension: {},
      })
    })

    it('keeps nothing of the password', async () => {
      const { application, user, create, database } = fixture()
      const app = await application()
      const password = 'Okapi-Quagga-1'
      await create(`${app}/accounts/basic-account`, { user_id: (await user()).id, password })
      const rows = await database.query('select * from accounts')
      expect(JSON.stringify(rows)).not.toContain('Okapi')
    })

    it('lets a user have one account in each application', async () => {
      const { application, user, create, get } = fixture()
      const { id: userId } = await user()
      for (const app of [await application(), await application()]) {
        await create(`${app}/accounts/basic-account`, { user_id: userId })
      }
      expect((await get(`/users/${userId}/accounts`)).total).toBe(2)
    })
  })

  it('APP.0001 answers an application that the tenant does not have', async () => {
    const { outcome, user } = fixture()
    const body = { user_id: (await user()).id }
    for (const id of ['nobody', 'a%00b']) {
      expect(await outcome('POST', `/applications/${id}/accounts/basic-account`, body)).toBe('APP.0001')
    }
  })

  it.each(['nobody', 'a\0b', '', 'x'.repeat(5_000)])('USER.0001 answers the user %j', async (userId) => {
    const { outcome, application } = fixture()
    const path = `${await application()}/accounts/basic-account`
    expect(await outcome('POST', path, { user_id: userId })).toBe('USER.0001')
  })

  it('APP.ORG.0024 answers a code that no organisation of the application has', async () => {
    const { outcome, application, user, create } = fixture()
    const [app, other, { id: userId }] = [await application(), await application(), await user()]
    await create(`${other}/organizations`, { org_code: 'theirs', name: 'Theirs' })
    for (const code of ['theirs', 'nobody', 'a\0b']) {
      const body = { user_id: userId, org_code: code }
      expect(await outcome('POST', `${app}/accounts/basic-account`, body)).toBe('APP.ORG.0024')
    }
  })

  describe('APP.ACC.0013', () => {
    it('answers a name that is taken, whatever its case and Unicode form; it stays as typed', async () => {
      const { application, user, outcome, create, get } = fixture()
      const app = await application()
      const path = `${app}/accounts/basic-account`
      const id = await create(path, { user_id: (await user()).id, account_name: 'Caf\u00e9' })
      for (const name of ['Caf\u00e9', 'CAFE\u0301', 'cafe\u0301']) {
        const body = { user_id: (await user()).id, account_name: name }
        expect(await outcome('POST', path, body)).toBe('APP.ACC.0013')
      }
      expect((await get(`${app}/accounts/${id}`)).account_name).toBe('Caf\u00e9')
      expect((await get(`${app}/accounts?offset=0&limit=10`)).total).toBe(1)
    })

    it('lets one of many calls at once have a name', async () => {
      const { application, user, outcome } = fixture()
      const path = `${await application()}/accounts/basic-account`
      const users = await Promise.all(Array.from({ length: 8 }, () => user()))
      const outcomes = await Promise.all(
        users.map(({ id }, index) =>
          outcome('POST', path, { user_id: id, account_name: index % 2 === 0 ? 'one' : 'ONE' }),
        ),
      )
      expect(outcomes.toSorted()).toEqual([201, ...Array(7).fill('APP.ACC.0013')])
    })
  })

  describe('APP.ACC.0029', () => {
    it('answers when the user has an account, whatever its name', async () => {
      const { application, user, outcome, create } = fixture()
      const [app, { id: userId }] = [await application(), await user()]
      const path = `${app}/accounts/basic-account`
      await create(path, { user_id: userId })
      for (const more of [{}, { account_name: newName() }]) {
        expect(await outcome('POST', path, { user_id: userId, ...more })).toBe('APP.ACC.0029')
      }
    })

    it('lets one of many calls at once give the user an account', async () => {
      const { application, user, outcome, get } = fixture()
      const [app, { id: userId }] = [await application(), await user()]
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) => {
          const name = index % 2 === 0 ? {} : { account_name: newName() }
          return outcome('POST', `${app}/accounts/basic-account`, { user_id: userId, ...name })
        }),
      )
      expect(outcomes.toSorted()).toEqual([201, ...Array(7).fill('APP.ACC.0029')])
      expect((await get(`${app}/accounts?offset=0&limit=10`)).total).toBe(1)
    })
  })

  it.each([' ', ' a', 'a ', 'a\nb', 'a\0', '\ud800', 'x'.repeat(256)])(
    'APP.ACCOUNT.9001 answers the name %j',
    async (name) => {
      const { application, user, call } = fixture()
      const body = { user_id: (await user()).id, account_name: name }
      const answer = await call('POST', `${await application()}/accounts/basic-account`, body)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'APP.ACCOUNT.9001'])
      expect(answer.headers.get('x-error-detail')).toBe('account_name')
    },
  )

  const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) })
  it.each([
    ['name', 'a\nb'],
    ['name', 'x'.repeat(256)],
    ['extension', deep(9)],
    ['extension', deep(3_000)],
    ['extension', { a: 'b\0' }],
    ['extension', { a: 'x'.repeat(16_400) }],
  ])('APP.ACCOUNT.9002 answers the %s that cannot be kept', async (field, value) => {
    const { application, user, call } = fixture()
    const body = { user_id: (await user()).id, [field]: value }
    const answer = await call('POST', `${await application()}/accounts/basic-account`, body)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'APP.ACCOUNT.9002'])
    expect(answer.headers.get('x-error-detail')).toBe(field)
  })

  it.each([
    [{}, 'user_id'],
    [{ user_id: null }, 'user_id'],
    [{ user_id: 'u', account_name: 1 }, 'account_name'],
    [{ user_id: 'u', org_code: ['a'] }, 'org_code'],
    [{ user_id: 'u', password: {} }, 'password'],
    [{ user_id: 'u', disabled: 'false' }, 'disabled'],
    [{ user_id: 'u', extension: [] }, 'extension'],
  ])('REQUEST.9002 answers %j and names %s', async (body, parameter) => {
    const { application, call } = fixture()
    const answer = await call('POST', `${await application()}/accounts/basic-account`, body)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'REQUEST.9002'])
    expect(answer.headers.get('x-error-detail')).toBe(parameter)
  })
})
