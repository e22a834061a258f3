import { describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { chosenPassword } from '../../../../../test/support/passwords.ts'
import { useSdk } from '../../../../../test/support/sdk-fixture.ts'

const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

describe.each([
  { path: '/api/v2/sdk/mfa/sms', field: 'mobile', type: 'MFA_AUTH_SMS' },
  { path: '/api/v2/sdk/mfa/email', field: 'email', type: 'MFA_AUTH_EMS' },
] as const)('POST $path', ({ path, field, type }) => {
  describeEachDatabase('a second factor', (kind) => {
    const fixture = useSdk(kind, { secondFactor: 'code' }, { maximumAgeDays: 100, warnDays: 10 })

    const verify = (stateToken: unknown, contact: string | undefined, verify_code: unknown) =>
      fixture().post(path, { [field]: contact, verify_code }, { 'x-state-token': String(stateToken) })

    async function half(change: Parameters<ReturnType<typeof fixture>['user']>[0] = {}) {
      const { client, ...f } = fixture()
      const user = await f.user({ passwordChangedAt: f.clock.now(), ...change })
      const { body } = await client.signIn(user.userName, user.password)
      expect(Object.keys(body)).toEqual(['status', 'state_token'])
      expect(body.status).toBe('MFA_AUTH')
      return { user, contact: user[field], token: body.state_token, code: await f.code(user, type) }
    }

    test('SUCCESS is a session of twelve hours, once', async () => {
      const { get, ...f } = fixture()
      const { user, contact, token, code } = await half()
      const answer = await verify(token, contact, code)
      expect(answer.body).toMatchObject({ status: 'SUCCESS', expire: 43_200 })
      const profile = await get('/api/v2/sdk/profile', { authorization: `Bearer ${answer.body.id_token}` })
      expect(profile.body.user_id).toBe(user.id)
      expect((await verify(token, contact, code)).body.error_code).toBe('SDK.COMMON.1005')
      expect(await f.actions(user.id)).toEqual(
        expect.arrayContaining(['second_factor.asked', 'sign_in.succeeded']),
      )
    })

    test('PASSWORD_EXPIRED follows for a delivered password, and not before the code', async () => {
      const { client, ...f } = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      const { body } = await client.signIn(user.userName, reset.password)
      expect(body.status).toBe('MFA_AUTH')
      const early = await client.updatePassword(String(body.state_token), reset.password, chosenPassword())
      expect(early.body.error_code).toBe('SDK.COMMON.1005')
      const skipped = await client.skipUpdate(String(body.state_token))
      expect(skipped.body.error_code).toBe('SDK.COMMON.1005')
      const answer = await verify(body.state_token, user[field], await f.code(user, type))
      expect(answer.body.status).toBe('PASSWORD_EXPIRED')
      const stateToken = String(answer.body.state_token)
      const updated = await client.updatePassword(stateToken, reset.password, chosenPassword())
      expect(updated.body.status).toBe('SUCCESS')
    })

    test('PASSWORD_WARN follows for a password that is about to expire', async () => {
      const { client, clock } = fixture()
      const { contact, token, code } = await half({ passwordChangedAt: clock.now() - 95 * 86_400_000 })
      const answer = await verify(token, contact, code)
      expect(answer.body.status).toBe('PASSWORD_WARN')
      const skipped = await client.skipUpdate(String(answer.body.state_token))
      expect(skipped.body.status).toBe('SUCCESS')
    })

    test('SDK.SMS.1005 for a wrong code and for somebody else’s contact; the token stays good', async () => {
      const f = fixture()
      const { contact, token, code } = await half()
      const other = await f.user()
      expect((await verify(token, contact, wrong(code))).body.error_code).toBe('SDK.SMS.1005')
      expect((await verify(token, other[field], code)).body.error_code).toBe('SDK.SMS.1005')
      expect((await verify(token, contact, code)).body.status).toBe('SUCCESS')
    })

    test('SDK.LOGIN.1003 after too many, whatever follows', async () => {
      const { contact, token, code } = await half()
      const codes = []
      for (let count = 0; count < 3; count += 1) {
        codes.push((await verify(token, contact, wrong(code))).body.error_code)
      }
      codes.push((await verify(token, contact, code)).body.error_code)
      expect(codes).toEqual(['SDK.SMS.1005', 'SDK.SMS.1005', 'SDK.LOGIN.1003', 'SDK.LOGIN.1003'])
    })

    test('SDK.COMMON.1005 for a token that is none, too old, or of before a change of the password', async () => {
      const { clock, database } = fixture()
      const { user, contact, token, code } = await half()
      expect((await verify('x', contact, code)).body.error_code).toBe('SDK.COMMON.1005')
      await database.store.transaction((repositories) =>
        repositories.users.bumpCredentialVersion(user.tenantId, user.id),
      )
      expect((await verify(token, contact, code)).body.error_code).toBe('SDK.COMMON.1005')
      const late = await half()
      clock.advance(900_000)
      expect((await verify(late.token, late.contact, late.code)).body.error_code).toBe('SDK.COMMON.1005')
    })

    test('ACCESS_DENIED at the password for disabled people', async () => {
      const { client, ...f } = fixture()
      const user = await f.user({ disabled: true })
      expect((await client.signIn(user.userName, user.password)).body).toEqual({ status: 'ACCESS_DENIED' })
    })

    test('SDK.COMMON codes name what is wrong with the request', async () => {
      const { post } = fixture()
      const { contact, token } = await half()
      expect((await post(path, { [field]: contact, verify_code: '1' })).body.error_code).toBe(
        'SDK.COMMON.1001',
      )
      expect((await verify(token, contact, '')).body.error_code).toBe('SDK.COMMON.1001')
      expect((await verify(token, 'nobody', '1')).body.error_code).toBe('SDK.COMMON.1002')
      expect((await verify(token, contact, 5)).body.error_code).toBe('SDK.COMMON.1007')
      expect((await post(path, {}, { 'x-agent': undefined })).body.error_code).toBe('SDK.COMMON.1003')
      expect((await post(path, {}, { 'x-client-id': 'x' })).body.error_code).toBe('SDK.COMMON.1012')
    })
  })

  describeEachDatabase('beyond the limit of an address', (kind) => {
    const fixture = useSdk(kind, { perAddressPerMinute: 1 })

    test('SDK.LOGIN.9002', async () => {
      const contact = field === 'mobile' ? '+86-13900000000' : 'a@acme.example'
      const headers = { 'x-state-token': 'x' }
      const body = { [field]: contact, verify_code: '1' }
      await fixture().post(path, body, headers)
      expect((await fixture().post(path, body, headers)).body.error_code).toBe('SDK.LOGIN.9002')
    })
  })
})
