import { describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { chosenPassword } from '../../../../../test/support/passwords.ts'
import { useSdk } from '../../../../../test/support/sdk-fixture.ts'

const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

describe.each([
  {
    path: '/api/v2/sdk/pwd/update-by-mobile',
    field: 'mobile',
    type: 'FORGET_PWD_SMS',
    other: 'CHANGE_PWD_SMS',
  },
  {
    path: '/api/v2/sdk/pwd/update-by-email',
    field: 'email',
    type: 'FORGET_PWD_EMS',
    other: 'CHANGE_PWD_EMS',
  },
] as const)('POST $path', ({ path, field, type, other }) => {
  describeEachDatabase('a forgotten password', (kind) => {
    const fixture = useSdk(kind)
    const recover = (contact: string | undefined, verify_code: string, password: unknown) =>
      fixture().post(path, { [field]: contact, verify_code, password })

    async function asked(change: Parameters<ReturnType<typeof fixture>['user']>[0] = {}) {
      const f = fixture()
      const user = await f.user(change)
      return { user, contact: user[field], code: await f.code(user, type) }
    }

    test('200 has an empty body; the new password signs in and everything of before has ended', async () => {
      const { client, get, ...f } = fixture()
      const { user, contact, code } = await asked()
      const { body } = await client.signIn(user.userName, user.password)
      const pending = await f.reset(user, 'unknown')
      const password = chosenPassword()
      const answer = await recover(contact, code, password)
      expect([answer.status, answer.text]).toEqual([200, ''])
      expect((await recover(contact, code, chosenPassword())).body.error_code).toBe('SDK.SMS.1005')
      expect((await client.signIn(user.userName, password)).body.status).toBe('SUCCESS')
      expect((await client.signIn(user.userName, user.password)).status).toBe(400)
      expect((await client.signIn(user.userName, pending.password)).status).toBe(400)
      expect((await f.findReset(pending)).state).toBe('superseded')
      const profile = await get('/api/v2/sdk/profile', { authorization: `Bearer ${body.id_token}` })
      expect(profile.status).toBe(401)
      expect(await f.actions(user.id)).toContain('password.recovered')
      // where the code did not go, as far as the tenant tells by that channel
      const notices = await f.database.query(
        `select channel, event from notices where user_id = '${user.id}'`,
        [],
      )
      expect(notices).toContainEqual({ channel: 'EMAIL', event: 'password-changed' })
    })

    test('200 with a code of the type that the page of this operation names', async () => {
      const f = fixture()
      const user = await f.user()
      const answer = await recover(user[field], await f.code(user, other), chosenPassword())
      expect(answer.status).toBe(200)
    })

    test('200 for a delivered password that was not used, which is void then', async () => {
      const { client, ...f } = fixture()
      const user = await f.user()
      const reset = await f.reset(user, 'accepted')
      const answer = await recover(user[field], await f.code(user, type), chosenPassword())
      expect(answer.status).toBe(200)
      expect((await client.signIn(user.userName, reset.password)).status).toBe(400)
      expect((await f.findUser(user)).mustChangePassword).toBe(false)
    })

    test('200 while locked, and the lock ends', async () => {
      const { client } = fixture()
      const { user, contact, code } = await asked()
      for (let guess = 0; guess < 3; guess += 1) await client.signIn(user.userName, 'wrong')
      const password = chosenPassword()
      expect((await recover(contact, code, password)).status).toBe(200)
      expect((await client.signIn(user.userName, password)).body.status).toBe('SUCCESS')
    })

    test('SDK.SMS.1005 for a wrong code and for nobody alike, and then SDK.LOGIN.1003', async () => {
      const { contact, code } = await asked()
      const nobody =
        field === 'mobile' ? `+86-1391${String(Date.now()).slice(-7)}` : `${Date.now()}@acme.example`
      for (const [whose, guess] of [
        [contact, wrong(code)],
        [nobody, '123456'],
      ] as const) {
        const codes = []
        for (let count = 0; count < 4; count += 1) {
          codes.push((await recover(whose, guess, chosenPassword())).body.error_code)
        }
        expect(codes).toEqual(['SDK.SMS.1005', 'SDK.SMS.1005', 'SDK.LOGIN.1003', 'SDK.LOGIN.1003'])
      }
    })

    test('SDK.SMS.1005 says nothing about the new password', async () => {
      const { contact, code } = await asked()
      const answer = await recover(contact, wrong(code), 'short')
      expect(answer.body.error_code).toBe('SDK.SMS.1005')
    })

    test.each([
      ['', 'PWD.0001'],
      ['Short-1', 'PWD.0002'],
      ['alllowercaseletters', 'PWD.0005'],
      ['Password12345', 'PWD.0006'],
    ])('a new password %j gets %s, and the code is still good', async (password, code) => {
      const asking = await asked()
      const answer = await recover(asking.contact, asking.code, password)
      expect([answer.status, answer.body.error_code]).toEqual([400, code])
      expect((await recover(asking.contact, asking.code, chosenPassword())).status).toBe(200)
    })

    test('PWD.0003 and PWD.0004 for the user name and its reverse', async () => {
      const userName = `Quince-42-${Math.random().toString(36).slice(2, 8)}X`
      const asking = await asked({ userName })
      expect((await recover(asking.contact, asking.code, userName)).body.error_code).toBe('PWD.0003')
      const reversed = [...userName].toReversed().join('')
      expect((await recover(asking.contact, asking.code, reversed)).body.error_code).toBe('PWD.0004')
    })

    test('PWD.9002 for the password of now, PWD.9003 for one of before', async () => {
      const f = fixture()
      const { user, contact, code } = await asked()
      expect((await recover(contact, code, user.password)).body.error_code).toBe('PWD.9002')
      expect((await recover(contact, code, chosenPassword())).status).toBe(200)
      const again = await recover(contact, await f.code(user, type), user.password)
      expect(again.body.error_code).toBe('PWD.9003')
    })

    test('of two calls at once the first wins', async () => {
      const { contact, code } = await asked()
      const answers = await Promise.all([
        recover(contact, code, chosenPassword()),
        recover(contact, code, chosenPassword()),
      ])
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400])
    })

    test('SDK.COMMON codes name what is wrong with the request', async () => {
      const { post } = fixture()
      expect((await recover(' ', '1', 'x')).body.error_code).toBe('SDK.COMMON.1001')
      expect((await recover('nobody', '1', 'x')).body.error_code).toBe('SDK.COMMON.1002')
      expect((await recover('nobody', '1', 5)).body.error_code).toBe('SDK.COMMON.1007')
      expect((await post(path, {}, { 'x-agent': undefined })).body.error_code).toBe('SDK.COMMON.1003')
      expect((await post(path, {}, { 'x-client-id': 'x' })).body.error_code).toBe('SDK.COMMON.1012')
    })
  })

  describeEachDatabase('beyond the limit of an address', (kind) => {
    const fixture = useSdk(kind, { perAddressPerMinute: 1 })

    test('SDK.LOGIN.9002', async () => {
      const contact = field === 'mobile' ? '+86-13900000000' : 'a@acme.example'
      const body = { [field]: contact, verify_code: '1', password: 'x' }
      await fixture().post(path, body)
      const answer = await fixture().post(path, body)
      expect([answer.status, answer.body.error_code]).toEqual([429, 'SDK.LOGIN.9002'])
    })
  })
})
