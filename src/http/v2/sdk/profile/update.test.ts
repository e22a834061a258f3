import { beforeAll, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { useSdk } from '../../../../../test/support/sdk-fixture.ts'
import { seedApplication, seedTenant } from '../../../../../test/support/seed-tenant.ts'
import { attributeDefinition } from '../../../../core/attributes/attribute-definition.ts'

const PATH = '/api/v2/sdk/profile/update'
const PROFILE = '/api/v2/sdk/profile'

const users = [
  attributeDefinition('attr_city', { isRequired: true, lengthMax: 10 }),
  attributeDefinition('extension.locker', { isUnique: true, pattern: '[A-Z]\\d+' }),
  attributeDefinition('extension.salary', { type: 'integer' }),
]
const editable = ['name', 'attr_nick_name', 'attr_city', 'attr_birthday', 'extension.locker']

describeEachDatabase('POST /api/v2/sdk/profile/update', (kind) => {
  const fixture = useSdk(kind)
  beforeAll(async () => {
    const { database, tenant } = fixture()
    const settings = { ...tenant.settings, profile: { editable }, attributes: { users, organizations: [] } }
    // a tenant that is not alone answers at its own host
    const changed = { ...tenant, domains: ['127.0.0.1'], settings }
    await database.store.transaction(({ tenants }) => tenants.update(changed))
  })

  async function signedIn(change: Parameters<ReturnType<typeof fixture>['user']>[0] = {}) {
    const { client, ...f } = fixture()
    const user = await f.user(change)
    const { body } = await client.signIn(user.userName, user.password)
    return { user, authorization: `Bearer ${body.id_token}` }
  }
  const update = (authorization: string | undefined, body: unknown) =>
    fixture().post(PATH, body, { authorization })
  const codeOf = async (authorization: string | undefined, body: unknown) => {
    const answer = await update(authorization, body)
    return [answer.status, answer.body.error_code ?? answer.body.error, answer.headers.get('x-error-detail')]
  }

  test('200: what is given is changed, by the person, and the rest stays', async () => {
    const { database, tenant, get, actions } = fixture()
    const change = { profile: { attr_city: 'Suzhou', first_name: 'A' }, extension: { salary: 1 } }
    const { user, authorization } = await signedIn(change)
    const body = {
      name: 'Lissy',
      attr_nick_name: 'Al',
      attr_birthday: '1990-05-17',
      extension: { locker: 'A7' },
    }
    const answer = await update(authorization, body)
    expect([answer.status, answer.text]).toEqual([200, ''])
    const after = await database.store.read.users.find(tenant.id, user.id)
    expect(after).toMatchObject({
      ...{ userName: user.userName, name: 'Lissy', email: user.email, mobile: user.mobile },
      profile: { attr_city: 'Suzhou', first_name: 'A', attr_nick_name: 'Al', attr_birthday: '1990-05-17' },
      extension: { salary: 1, locker: 'A7' },
    })
    const rows = await database.store.read.audit.list(tenant.id, 20)
    expect(
      rows.find(({ action, targetId }) => action === 'user.updated' && targetId === user.id),
    ).toMatchObject({
      actor: { kind: 'user', id: user.id },
      detail: { fields: ['name', 'attr_nick_name', 'attr_birthday', 'extension'] },
    })
    // the session goes on, and shows it; of the tenant's own only what is theirs
    const shown = await get(PROFILE, { authorization })
    expect(shown.body).toMatchObject({ name: 'Lissy', attr_nick_name: 'Al', extension: { locker: 'A7' } })
    expect(await actions(user.id)).toContain('user.updated')
  })

  test('200: null and empty take away; a name that is taken away is the user name', async () => {
    const change = { profile: { attr_nick_name: 'Al' }, extension: { locker: 'B1', salary: 1 } }
    const { user, authorization } = await signedIn(change)
    const body = { name: '', attr_nick_name: null, extension: { locker: null } }
    expect((await update(authorization, body)).status).toBe(200)
    expect(await fixture().findUser(user)).toMatchObject({
      ...{ name: user.userName, profile: {}, extension: { salary: 1 } },
    })
    expect((await update(authorization, { extension: null })).status).toBe(200)
    expect((await fixture().findUser(user)).extension).toEqual({ salary: 1 })
  })

  test('200: a profile goes back as it was read, with one thing changed, and leaves no row if none was', async () => {
    const { get, actions } = fixture()
    const { user, authorization } = await signedIn({ profile: { employee_id: 'E1', attr_city: 'Suzhou' } })
    const { body } = await get(PROFILE, { authorization })
    expect(await codeOf(authorization, { ...body, head_img: 'unknown fields are passed over' })).toEqual([
      ...[200, undefined, null],
    ])
    expect(await actions(user.id)).not.toContain('user.updated')
    expect(await codeOf(authorization, { ...body, attr_city: 'Wuxi' })).toEqual([200, undefined, null])
    expect((await fixture().findUser(user)).profile).toEqual({ employee_id: 'E1', attr_city: 'Wuxi' })
  })

  test.each([
    [{ mobile: '+86-13800009999' }, 'mobile'],
    [{ email: 'other@acme.example' }, 'email'],
    [{ email: null }, 'email'],
    [{ user_name: 'another' }, 'user_name'],
    [{ password: 'My-0wn-Passphrase' }, 'password'],
    [{ org_code: '' }, 'org_code'],
    [{ user_org_relation_list: [] }, 'user_org_relation_list'],
    [{ pwd_must_modify: false }, 'pwd_must_modify'],
    [{ employee_id: 'E2' }, 'employee_id'],
    [{ external_id: 'x' }, 'external_id'],
    [{ attr_manager_id: 'x' }, 'attr_manager_id'],
    [{ attr_user_type: 'regular' }, 'attr_user_type'],
    // the application must not find out by asking: it is right
    [{ attr_identity_number: '320500' }, 'attr_identity_number'],
    [{ first_name: 'B' }, 'first_name'],
    [{ extension: { salary: 7 } }, 'extension.salary'],
    [{ extension: { salary: null } }, 'extension.salary'],
    [{ extension: { unknown: 1 } }, 'extension.unknown'],
  ])('SDK.PROFILE.9001 answers %j, and nothing is changed', async (field, detail) => {
    const profile = { attr_identity_number: '320500', attr_city: 'Suzhou' }
    const { user, authorization } = await signedIn({ profile, extension: { salary: 1 } })
    const before = await fixture().findUser(user)
    const body = { attr_nick_name: 'Al', ...field }
    expect(await codeOf(authorization, body)).toEqual([400, 'SDK.PROFILE.9001', detail])
    expect(await fixture().findUser(user)).toEqual(before)
    const chinese = await fixture().post(PATH, body, { authorization, 'x-l': 'zh' })
    expect(chinese.body.error_msg).toBe(`您不能自行修改${detail}。`)
  })

  test('USER.9005, USER.9007 and USER.9008 answer what the tenant’s definitions do not take', async () => {
    const { authorization } = await signedIn({ profile: { attr_city: 'Suzhou' } })
    expect(await codeOf(authorization, { attr_city: 'much too long' })).toEqual([
      400,
      'USER.9005',
      'attr_city',
    ])
    expect(await codeOf(authorization, { attr_birthday: '1990-02-30' })).toEqual([
      ...[400, 'USER.9005', 'attr_birthday'],
    ])
    expect(await codeOf(authorization, { extension: { locker: 'a' } })).toEqual([
      ...[400, 'USER.9005', 'extension.locker'],
    ])
    expect(await codeOf(authorization, { attr_city: '' })).toEqual([400, 'USER.9007', 'attr_city'])
    const other = await signedIn()
    expect((await update(other.authorization, { extension: { locker: 'C9' } })).status).toBe(200)
    expect(await codeOf(authorization, { extension: { locker: 'C9' } })).toEqual([
      ...[400, 'USER.9008', 'extension.locker'],
    ])
  })

  test('SDK.COMMON.1007 answers a value of another type', async () => {
    const { authorization } = await signedIn()
    expect((await codeOf(authorization, { name: 7 }))[1]).toBe('SDK.COMMON.1007')
    expect((await codeOf(authorization, { extension: 'x' }))[1]).toBe('SDK.COMMON.1007')
  })

  test('invalid_token without a session that lives: none, none of ours, ended, of somebody disabled', async () => {
    const { get, database } = fixture()
    const { user, authorization } = await signedIn()
    const ended = await signedIn()
    await get('/api/v2/sdk/logout', { authorization: ended.authorization })
    await database.query(`update users set disabled = 1 where id = '${user.id}'`, [])
    for (const header of [undefined, 'Bearer x', 'Basic YTpi', authorization, ended.authorization]) {
      expect((await codeOf(header, { attr_nick_name: 'Al' })).slice(0, 2)).toEqual([401, 'invalid_token'])
    }
    expect((await fixture().findUser(user)).profile).toEqual({})
  })

  test('invalid_token at another tenant', async () => {
    const { database, server, application, clock } = fixture()
    const other = await seedTenant(database.store, { domains: ['localhost'] })
    await seedApplication(database.store, other, [], { clientId: application.clientId })
    const { user, authorization } = await signedIn()
    clock.advance(5_000) // tenants are known for so long
    const answer = await fetch(`${server.url.replace('127.0.0.1', 'localhost')}${PATH}`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', 'x-client-id': application.clientId, authorization },
        ...{ 'x-operating-sys-version': 'w', 'x-device-fingerprint': 'd', 'x-agent': 'a' },
      },
      body: '{"attr_nick_name":"Al"}',
    })
    expect(answer.status).toBe(401)
    expect((await fixture().findUser(user)).profile).toEqual({})
  })

  test('SDK.COMMON.1001, 1003 and 1012 as its neighbours', async () => {
    const { post } = fixture()
    const codes = [
      [{ 'x-client-id': undefined }, 'SDK.COMMON.1001'],
      [{ 'x-agent': undefined }, 'SDK.COMMON.1003'],
      [{ 'x-client-id': 'nobody' }, 'SDK.COMMON.1012'],
    ] as const
    for (const [headers, code] of codes) expect((await post(PATH, {}, headers)).body.error_code).toBe(code)
  })

  test('of many at once none is lost', async () => {
    const { user, authorization } = await signedIn({ profile: { attr_city: 'Suzhou' } })
    const bodies = [
      { name: 'Zoe' },
      { attr_nick_name: 'Z' },
      { attr_city: 'Wuxi' },
      { attr_birthday: '1990-05-17' },
    ]
    const answers = await Promise.all(bodies.map((body) => update(authorization, body)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(await fixture().findUser(user)).toMatchObject({
      ...{ name: 'Zoe', profile: { attr_nick_name: 'Z', attr_city: 'Wuxi', attr_birthday: '1990-05-17' } },
    })
  })
})

describeEachDatabase('POST /api/v2/sdk/profile/update as nobody set it up', (kind) => {
  const fixture = useSdk(kind, { perAddressPerMinute: 4 })

  test('lets nick name, area and city be changed, no name; SDK.LOGIN.9002 beyond the limit of an address', async () => {
    const { client, post, ...f } = fixture()
    const user = await f.user()
    const { body } = await client.signIn(user.userName, user.password)
    const headers = { authorization: `Bearer ${body.id_token}` }
    const own = { attr_nick_name: 'Al', attr_area: 'CN', attr_city: 'Wuxi' }
    expect((await post(PATH, own, headers)).status).toBe(200)
    expect((await f.findUser(user)).profile).toEqual(own)
    expect((await post(PATH, { name: 'Boss' }, headers)).body.error_code).toBe('SDK.PROFILE.9001')
    await post(PATH, {}, headers)
    expect((await post(PATH, {}, headers)).body.error_code).toBe('SDK.LOGIN.9002')
  })
})
