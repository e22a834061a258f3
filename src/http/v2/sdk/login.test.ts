import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/support/databases.ts'
import { useSdk } from '../../../../test/support/sdk-fixture.ts'
import { seedApplication, seedTenant } from '../../../../test/support/seed-tenant.ts'

const PATH = '/api/v2/sdk/login'

describeEachDatabase('POST /api/v2/sdk/login', (kind) => {
  const fixture = useSdk(kind)

  describe('200', () => {
    test('SUCCESS has exactly the keys of the contract, in its order', async () => {
      const { client, ...f } = fixture()
      const user = await f.user()
      const answer = await client.signIn(user.userName, user.password)
      expect(answer.status).toBe(200)
      expect(Object.keys(answer.body)).toEqual(['status', 'session_token', 'expire', 'id_token'])
      expect(answer.body).toMatchObject({ status: 'SUCCESS', expire: 604_800 })
      const claims = JSON.parse(
        Buffer.from(String(answer.body.id_token).split('.')[1] ?? '', 'base64url').toString(),
      )
      // two levels of JSON, as clients of the contract decode it
      expect(JSON.parse(claims.api).userName).toBe(user.userName)
      expect(answer.headers.get('cache-control')).toContain('no-store')
    })

    test('PASSWORD_EXPIRED has a state token and nothing else', async () => {
      const { client, ...f } = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      const answer = await client.signIn(user.userName, reset.password)
      expect(answer.status).toBe(200)
      expect(answer.text).toMatch(/^\{"status":"PASSWORD_EXPIRED","state_token":"[\w-]{43}"\}$/)
    })

    test('ACCESS_DENIED has nothing else at all', async () => {
      const { client, ...f } = fixture()
      const user = await f.user({ disabled: true })
      const answer = await client.signIn(user.userName, user.password)
      expect([answer.status, answer.text]).toEqual([200, '{"status":"ACCESS_DENIED"}'])
    })
  })

  test('SDK.LOGIN.1005 ends with the attempts left, in both languages', async () => {
    const { post } = fixture()
    const body = { user_name: `nobody-${randomUUID()}`, password: 'wrong' }
    const english = await post(PATH, body)
    expect([english.status, english.text]).toEqual([
      400,
      '{"error_code":"SDK.LOGIN.1005","error_msg":"Invalid user name or password. Remaining attempts:2"}',
    ])
    const chinese = await post(PATH, body, { 'x-l': 'zh' })
    expect(chinese.text).toBe(
      '{"error_code":"SDK.LOGIN.1005","error_msg":"无效的用户名或密码。 剩余登录尝试次数:1"}',
    )
  })

  test('SDK.LOGIN.1003 says in minutes and seconds when it ends', async () => {
    const { client, ...f } = fixture()
    const user = await f.user()
    await client.signIn(user.userName, 'wrong')
    await client.signIn(user.userName, 'wrong')
    const answer = await client.signIn(user.userName, 'wrong')
    expect(answer.status).toBe(400)
    expect(answer.body).toEqual({
      error_code: 'SDK.LOGIN.1003',
      error_msg: 'The account is locked after too many failed attempts. It unlocks in 15 minutes 0 seconds.',
    })
  })

  test('SDK.LOGIN.9001 after the deadline of a delivered password', async () => {
    const { client, clock, ...f } = fixture()
    const user = await f.user()
    const reset = await f.reset(user, 'accepted')
    clock.advance(3_600_000)
    const answer = await client.signIn(user.userName, reset.password)
    expect(answer.status).toBe(400)
    expect(answer.body.error_code).toBe('SDK.LOGIN.9001')
  })

  describe('SDK.COMMON.1001', () => {
    test('names a missing X-client-id in the words of the contract', async () => {
      const answer = await fixture().post(
        PATH,
        { user_name: 'a', password: 'b' },
        { 'x-client-id': undefined },
      )
      expect([answer.status, answer.text]).toEqual([
        400,
        '{"error_code":"SDK.COMMON.1001","error_msg":"Parameter X-client-id cannot be left blank."}',
      ])
    })

    test.each([
      [{ password: 'x' }, 'user_name'],
      [{ user_name: '', password: 'x' }, 'user_name'],
      [{ user_name: ' \t', password: 'x' }, 'user_name'],
      [{ user_name: 'alice' }, 'password'],
      [{ user_name: 'alice', password: '' }, 'password'],
      [{}, 'user_name'],
    ])('names the field that is blank: %j', async (body, field) => {
      const answer = await fixture().post(PATH, body)
      expect(answer.body).toEqual({
        error_code: 'SDK.COMMON.1001',
        error_msg: `Parameter ${field} cannot be left blank.`,
      })
    })
  })

  test.each([['x-operating-sys-version'], ['x-device-fingerprint'], ['x-agent']])(
    'SDK.COMMON.1003 without %s',
    async (header) => {
      const answer = await fixture().post(PATH, { user_name: 'a', password: 'b' }, { [header]: undefined })
      expect([answer.status, answer.body.error_code]).toEqual([400, 'SDK.COMMON.1003'])
    },
  )

  test('SDK.COMMON.1012 for a client id that nobody here has, or whose application is disabled', async () => {
    const { post, database, tenant, clock } = fixture()
    const disabled = await seedApplication(database.store, tenant)
    await database.store.transaction((repositories) =>
      repositories.applications.update({ ...disabled, disabled: true }, clock.now()),
    )
    const elsewhere = await seedApplication(database.store, await seedTenant(database.store))
    for (const clientId of ['nobody', disabled.clientId, elsewhere.clientId, "' OR 1=1 --"]) {
      const answer = await post(PATH, { user_name: 'a', password: 'b' }, { 'x-client-id': clientId })
      expect([answer.status, answer.body.error_code]).toEqual([400, 'SDK.COMMON.1012'])
    }
  })

  test.each([
    [{ user_name: 5, password: 'x' }, 'SDK.COMMON.1007', 'user_name'],
    [{ user_name: 'alice', password: null }, 'SDK.COMMON.1007', 'password'],
    [{ user_name: 'alice', password: ['x'] }, 'SDK.COMMON.1007', 'password'],
    [{ user_name: 'x'.repeat(257), password: 'x' }, 'SDK.COMMON.1002', 'user_name'],
    [{ user_name: 'alice', password: 'x'.repeat(1_025) }, 'SDK.COMMON.1002', 'password'],
  ])('says of what type or length a field must be', async (body, code, field) => {
    const answer = await fixture().post(PATH, body)
    expect([answer.status, answer.body.error_code]).toEqual([400, code])
    expect(answer.headers.get('x-error-detail')).toBe(field)
  })

  test.each([['not json'], ['[]'], ['"text"'], ['null'], ['{"user_name":']])(
    'REQUEST.9001 for a body that is no JSON object: %s',
    async (body) => {
      const answer = await fixture().post(PATH, body)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'REQUEST.9001'])
    },
  )

  test('takes the longest name and password there may be', async () => {
    const answer = await fixture().post(PATH, { user_name: '名'.repeat(256), password: '密'.repeat(1_024) })
    expect(answer.body.error_code).toBe('SDK.LOGIN.1005')
  })

  test('writes no password and no token into the log', async () => {
    const { client, server, ...f } = fixture()
    const user = await f.user()
    const answer = await client.signIn(user.userName, user.password)
    await client.signIn(user.userName, 'a-wrong-password')
    const log = server.logLines.join('\n')
    for (const secret of [
      user.password,
      'a-wrong-password',
      answer.body.session_token,
      answer.body.id_token,
    ]) {
      expect(log).not.toContain(String(secret))
    }
  })
})

describeEachDatabase('POST /api/v2/sdk/* beyond the limit of an address', (kind) => {
  const fixture = useSdk(kind, { perAddressPerMinute: 2 })

  test('SDK.LOGIN.9002 says when to come back, on every path that hashes', async () => {
    const { client, clock, ...f } = fixture()
    const user = await f.user()
    await client.signIn(user.userName, user.password)
    const { body } = await client.signIn(user.userName, user.password)
    for (const answer of [
      await client.signIn(user.userName, user.password),
      await client.updatePassword('unknown', 'old', 'new'),
      await client.changePassword(String(body.id_token), 'old', 'new'),
    ]) {
      expect([answer.status, answer.body.error_code]).toEqual([429, 'SDK.LOGIN.9002'])
      const seconds = answer.headers.get('retry-after')
      expect(Number(seconds)).toBeGreaterThan(50)
      expect(answer.body.error_msg).toBe(
        `Too many sign-ins from this address. Try again in ${seconds} seconds.`,
      )
    }
    clock.advance(60_000)
    expect((await client.signIn(user.userName, user.password)).status).toBe(200)
  })
})
