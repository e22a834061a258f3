import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { chosenPassword } from '../../../../../test/support/passwords.ts'
import { useSdk } from '../../../../../test/support/sdk-fixture.ts'

const CHANGE = '/api/v2/sdk/pwd/change-by-mobile'
const UPDATE = '/api/v2/sdk/after-login/pwd/update-by-email'
const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

describeEachDatabase('changing a password by code', (kind) => {
  const fixture = useSdk(kind, {}, { minimumAgeHours: 1 })

  /** Somebody signed in, and how they change: answers of both operations have the same reasons. */
  async function changing(path: typeof CHANGE | typeof UPDATE) {
    const { client, post, ...f } = fixture()
    const user = await f.user(path === UPDATE ? { mustChangePassword: true } : {})
    const { body } = await client.signIn(user.userName, user.password)
    const headers: Record<string, string> =
      path === CHANGE
        ? { authorization: `Bearer ${body.id_token}` }
        : { 'x-state-token': String(body.state_token) }
    const code = await f.code(user, path === CHANGE ? 'CHANGE_PWD_SMS' : 'CHANGE_PWD_EMS')
    const field = path === CHANGE ? 'password' : 'new_password'
    const change = (verify_code: unknown, password: unknown) =>
      post(path, { verify_code, [field]: password }, headers)
    return { user, code, change }
  }

  test('200 of change-by-mobile is empty; every session has ended', async () => {
    const { client } = fixture()
    const { user, code, change } = await changing(CHANGE)
    const password = chosenPassword()
    const answer = await change(code, password)
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect((await client.signIn(user.userName, password)).body.status).toBe('SUCCESS')
    expect((await change(code, chosenPassword())).status).toBe(401)
  })

  test('200 of update-by-email is a session of twelve hours, and the token is used', async () => {
    const { client } = fixture()
    const { user, code, change } = await changing(UPDATE)
    const password = chosenPassword()
    const answer = await change(code, password)
    expect(Object.keys(answer.body)).toEqual(['status', 'session_token', 'expire', 'id_token'])
    expect(answer.body).toMatchObject({ status: 'SUCCESS', expire: 43_200 })
    expect((await client.signIn(user.userName, password)).body.status).toBe('SUCCESS')
    expect((await change(code, chosenPassword())).body.error_code).toBe('SDK.COMMON.1005')
  })

  test.each([[CHANGE], [UPDATE]] as const)('%s: SDK.SMS.1005, then SDK.LOGIN.1003', async (path) => {
    const { code, change } = await changing(path)
    const codes = []
    for (let count = 0; count < 3; count += 1) {
      codes.push((await change(wrong(code), chosenPassword())).body.error_code)
    }
    expect(codes).toEqual(['SDK.SMS.1005', 'SDK.SMS.1005', 'SDK.LOGIN.1003'])
  })

  test.each([
    [CHANGE, '', 'PWD.0001'],
    [CHANGE, 'Short-1', 'PWD.0002'],
    [CHANGE, 'alllowercaseletters', 'PWD.0005'],
    [CHANGE, 'Password12345', 'PWD.0006'],
    [UPDATE, '', 'PWD.0001'],
    [UPDATE, 'Short-1', 'PWD.0002'],
    [UPDATE, 'alllowercaseletters', 'PWD.0005'],
    [UPDATE, 'Password12345', 'PWD.0006'],
  ] as const)('%s: a new password %j gets %s', async (path, password, expected) => {
    const { code, change } = await changing(path)
    const answer = await change(code, password)
    expect([answer.status, answer.body.error_code]).toEqual([400, expected])
  })

  test.each([[CHANGE], [UPDATE]] as const)('%s: PWD.0003, PWD.0004, PWD.9002', async (path) => {
    const { database } = fixture()
    const { user, code, change } = await changing(path)
    const userName = `Quince-42-${Math.random().toString(36).slice(2, 8)}X`
    await database.store.transaction((repositories) => repositories.users.update({ ...user, userName }))
    expect((await change(code, userName)).body.error_code).toBe('PWD.0003')
    expect((await change(code, [...userName].toReversed().join(''))).body.error_code).toBe('PWD.0004')
    expect((await change(code, user.password)).body.error_code).toBe('PWD.9002')
  })

  test.each([[CHANGE], [UPDATE]] as const)('%s: PWD.9003 for a password of before', async (path) => {
    const { database } = fixture()
    const { user, code, change } = await changing(path)
    const { salt, parameters, digest } = user.credential
    await database.query(
      `insert into password_history (tenant_id, user_id, credential_version, salt, parameters, digest, replaced_at)
       values ('${user.tenantId}', '${user.id}', 0, '${salt}', '${parameters}', '${digest}', 1)`,
      [],
    )
    await database.query(`update users set credential_digest = 'AAAA' where id = '${user.id}'`, [])
    expect((await change(code, user.password)).body.error_code).toBe('PWD.9003')
  })

  test('PWD.9004 for an own password that is younger than the policy says, of change-by-mobile', async () => {
    const { clock, database } = fixture()
    const { user, code, change } = await changing(CHANGE)
    await database.query(`update users set password_changed_at = ${clock.now()} where id = '${user.id}'`, [])
    const answer = await change(code, chosenPassword())
    expect([answer.status, answer.body.error_code]).toEqual([400, 'PWD.9004'])
  })

  test('invalid_token, and SDK.COMMON.1005 and 1001 about the state token', async () => {
    const { post, client, ...f } = fixture()
    const body = { verify_code: '1', password: 'x', new_password: 'x' }
    for (const authorization of [undefined, 'Bearer rubbish']) {
      const answer = await post(CHANGE, body, { authorization })
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_token'])
    }
    expect((await post(UPDATE, body)).body.error_code).toBe('SDK.COMMON.1001')
    expect((await post(UPDATE, body, { 'x-state-token': 'x' })).body.error_code).toBe('SDK.COMMON.1005')
    const user = await f.user()
    const { body: session } = await client.signIn(user.userName, user.password)
    const token = String(session.session_token)
    expect((await post(UPDATE, body, { 'x-state-token': token })).body.error_code).toBe('SDK.COMMON.1005')
  })

  test('SDK.COMMON codes name what is wrong with the request', async () => {
    const { post } = fixture()
    for (const path of [CHANGE, UPDATE]) {
      expect((await post(path, { verify_code: 5 })).body.error_code).toBe('SDK.COMMON.1001')
      expect((await post(path, {}, { 'x-agent': undefined })).body.error_code).toBe('SDK.COMMON.1003')
      expect((await post(path, {}, { 'x-client-id': 'x' })).body.error_code).toBe('SDK.COMMON.1012')
      const body = { verify_code: 5, password: 'x', new_password: 'x' }
      expect((await post(path, body)).body.error_code).toBe('SDK.COMMON.1007')
      const long = { ...body, verify_code: '1'.repeat(33) }
      expect((await post(path, long)).body.error_code).toBe('SDK.COMMON.1002')
    }
  })
})

describeEachDatabase('changing a password by code beyond the limit of an address', (kind) => {
  const fixture = useSdk(kind, { perAddressPerMinute: 1 })

  test('SDK.LOGIN.9002', async () => {
    const { post } = fixture()
    const body = { verify_code: '1', password: 'x', new_password: 'x' }
    await post(CHANGE, body, { authorization: 'Bearer x' })
    const change = await post(CHANGE, body, { authorization: 'Bearer x' })
    const update = await post(UPDATE, body, { 'x-state-token': 'x' })
    expect([change.body.error_code, update.body.error_code]).toEqual(['SDK.LOGIN.9002', 'SDK.LOGIN.9002'])
  })
})
