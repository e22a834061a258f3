import { describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { chosenPassword } from '../../../../../test/support/passwords.ts'
import { type SdkFixture, useSdk } from '../../../../../test/support/sdk-fixture.ts'

const PATH = '/api/v2/sdk/login/mobile-verify-code'
const EMAIL_PATH = '/api/v2/sdk/login/email-verify-code'
const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

describeEachDatabase('POST /api/v2/sdk/login/mobile-verify-code', (kind) => {
  const fixture = useSdk(kind)
  const login = (mobile: string | undefined, verify_code: unknown) =>
    fixture().post(PATH, { mobile, verify_code })

  async function asked(change: Parameters<SdkFixture['user']>[0] = {}) {
    const f = fixture()
    const user = await f.user(change)
    return { user, code: await f.code(user, 'LOGIN_SMS') }
  }

  describe('200', () => {
    test('SUCCESS is answered like a sign-in by password, once', async () => {
      const { user, code } = await asked()
      const answer = await login(user.mobile, ` ${code} `)
      expect([answer.status, answer.body.status]).toEqual([200, 'SUCCESS'])
      expect(Object.keys(answer.body)).toEqual(['status', 'session_token', 'expire', 'id_token'])
      expect(answer.body.expire).toBe(604_800)
      const again = await login(user.mobile, code)
      expect([again.status, again.body.error_code]).toEqual([400, 'SDK.SMS.1005'])
      expect(await fixture().actions(user.id)).toContain('sign_in.succeeded')
    })

    test('PASSWORD_EXPIRED when a delivered password must be changed, which the state token does', async () => {
      const { client, ...f } = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      const answer = await login(user.mobile, await f.code(user, 'LOGIN_SMS'))
      expect(answer.text).toMatch(/^\{"status":"PASSWORD_EXPIRED","state_token":"[\w-]{43}"\}$/)
      const chosen = chosenPassword()
      const updated = await client.updatePassword(String(answer.body.state_token), reset.password, chosen)
      expect(updated.body.status).toBe('SUCCESS')
    })

    test('PASSWORD_EXPIRED does not make a delivered password good again after its deadline', async () => {
      const { client, clock, ...f } = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      clock.advance(3_600_000)
      const answer = await login(user.mobile, await f.code(user, 'LOGIN_SMS'))
      expect(answer.body.status).toBe('PASSWORD_EXPIRED')
      const stateToken = String(answer.body.state_token)
      const updated = await client.updatePassword(stateToken, reset.password, chosenPassword())
      expect(updated.body.error_code).toBe('PWD.9001')
    })

    test('ACCESS_DENIED for whoever was disabled meanwhile', async () => {
      const { user, code } = await asked()
      await fixture().database.query(`update users set disabled = 1 where id = '${user.id}'`, [])
      const answer = await login(user.mobile, code)
      expect([answer.status, answer.text]).toEqual([200, '{"status":"ACCESS_DENIED"}'])
    })
  })

  describe('SDK.SMS.1005', () => {
    test('for a wrong code, a code of another purpose or person, and nobody, in the same words', async () => {
      const { user, code } = await asked()
      const other = await asked()
      const forgotten = await fixture().user()
      const recovery = await fixture().code(forgotten, 'FORGET_PWD_SMS')
      const answers = [
        await login(user.mobile, wrong(code)),
        await login(user.mobile, other.code === code ? wrong(code) : other.code),
        await login(forgotten.mobile, recovery),
        await login('+86-13900000000', '123456'),
      ]
      expect(answers.map(({ status, text }) => [status, text])).toEqual(
        Array(4).fill([
          400,
          '{"error_code":"SDK.SMS.1005","error_msg":"The verification code is wrong or has expired."}',
        ]),
      )
    })

    test('after ten minutes, and for the code before a newer one', async () => {
      const { clock, ...f } = fixture()
      const { user, code } = await asked()
      const newer = await f.code(user, 'LOGIN_SMS')
      if (newer !== code) expect((await login(user.mobile, code)).body.error_code).toBe('SDK.SMS.1005')
      clock.advance(600_000)
      expect((await login(user.mobile, newer)).body.error_code).toBe('SDK.SMS.1005')
    })

    test('after a change of the password', async () => {
      const { client, ...f } = fixture()
      const { user, code } = await asked()
      const { body } = await client.signIn(user.userName, user.password)
      await client.changePassword(String(body.id_token), user.password, chosenPassword())
      expect((await login(user.mobile, code)).body.error_code).toBe('SDK.SMS.1005')
      expect(await f.actions(user.id)).toContain('sign_in.failed')
    })

    test('by mail for a code that went by SMS', async () => {
      const { post } = fixture()
      const { user, code } = await asked()
      const answer = await post(EMAIL_PATH, { email: user.email, verify_code: code })
      expect(answer.body.error_code).toBe('SDK.SMS.1005')
    })
  })

  test('SDK.LOGIN.1003 after too many wrong codes, for somebody and for nobody, whatever follows', async () => {
    const { client } = fixture()
    const { user, code } = await asked()
    for (const [mobile, right] of [
      [user.mobile, code],
      [`+86-1390000${String(Date.now() % 10_000).padStart(4, '0')}`, '123456'],
    ] as const) {
      const codes = []
      for (let guess = 0; guess < 3; guess += 1) {
        codes.push((await login(mobile, wrong(right))).body.error_code)
      }
      expect(codes).toEqual(['SDK.SMS.1005', 'SDK.SMS.1005', 'SDK.LOGIN.1003'])
      expect((await login(mobile, right)).body.error_code).toBe('SDK.LOGIN.1003')
    }
    // one count for passwords and codes
    expect((await client.signIn(user.userName, user.password)).body.error_code).toBe('SDK.LOGIN.1003')
  })

  test('SDK.COMMON.1001, 1002 and 1007 name the field', async () => {
    expect((await login('+86-13900000000', ' ')).headers.get('x-error-detail')).toBe('verify_code')
    expect((await login('nonsense', '123456')).body.error_code).toBe('SDK.COMMON.1002')
    expect((await login('+86-13900000000', 123456)).body.error_code).toBe('SDK.COMMON.1007')
    expect((await fixture().post(PATH, {}, { 'x-client-id': 'x' })).body.error_code).toBe('SDK.COMMON.1012')
    expect((await fixture().post(PATH, {}, { 'x-agent': '' })).body.error_code).toBe('SDK.COMMON.1003')
  })

  test('of calls at once with the right code one signs in', async () => {
    const { user, code } = await asked()
    const answers = await Promise.all(Array.from({ length: 3 }, () => login(user.mobile, code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

describeEachDatabase('POST /api/v2/sdk/login/mobile-verify-code, five tries', (kind) => {
  const fixture = useSdk(kind, { attemptsMax: 100 })

  test('the right code is none any more after five wrong ones', async () => {
    const { post, ...f } = fixture()
    const user = await f.user()
    const code = await f.code(user, 'LOGIN_SMS')
    for (let guess = 0; guess < 5; guess += 1) {
      await post(PATH, { mobile: user.mobile, verify_code: wrong(code) })
    }
    const answer = await post(PATH, { mobile: user.mobile, verify_code: code })
    expect(answer.body.error_code).toBe('SDK.SMS.1005')
  })
})

describeEachDatabase('POST /api/v2/sdk/login/*-verify-code where it is off', (kind) => {
  const second = useSdk(kind, { secondFactor: 'code', perAddressPerMinute: 3 })
  const off = useSdk(kind, {}, {}, { purposes: ['recovery'] })

  test('SDK.COMMON.1009 with a second factor, and where the tenant left it out; SDK.LOGIN.9002 counts it', async () => {
    for (const [fixture, path, contact] of [
      [second, PATH, { mobile: '+86-13900000000' }],
      [off, PATH, { mobile: '+86-13900000000' }],
      [second, EMAIL_PATH, { email: 'a@acme.example' }],
      [off, EMAIL_PATH, { email: 'a@acme.example' }],
    ] as const) {
      const answer = await fixture().post(path, { ...contact, verify_code: '123456' })
      expect([answer.status, answer.body.error_code]).toEqual([400, 'SDK.COMMON.1009'])
    }
    const { post } = second()
    await post(PATH, { mobile: '+86-13900000000', verify_code: '1' })
    for (const [path, contact] of [
      [PATH, { mobile: '+86-13900000000' }],
      [EMAIL_PATH, { email: 'a@acme.example' }],
    ] as const) {
      const answer = await post(path, { ...contact, verify_code: '1' })
      expect([answer.status, answer.body.error_code]).toEqual([429, 'SDK.LOGIN.9002'])
    }
  })
})
