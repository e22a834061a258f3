import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { useSdk } from '../../../../../test/support/sdk-fixture.ts'

const PATH = '/api/v2/sdk/email/send'

describeEachDatabase('POST /api/v2/sdk/email/send', (kind) => {
  const fixture = useSdk(kind)
  const send = (email: unknown, type: unknown = 'LOGIN_EMS') => fixture().post(PATH, { email, type })

  test.each([
    ['LOGIN_EMS', 'Your sign-in code for Acme'],
    ['FORGET_PWD_EMS', 'Your code for a new password for Acme'],
    ['CHANGE_PWD_EMS', 'Your code for changing your password for Acme'],
    ['MFA_AUTH_EMS', 'Your verification code for Acme'],
  ])(
    '200: a code of type %s goes to the address in the row of the user, in any letters',
    async (type, subject) => {
      const { smtp, sendCodes, ...f } = fixture()
      const user = await f.user()
      const answer = await send(user.email?.toUpperCase(), type)
      expect([answer.status, answer.text]).toEqual([200, ''])
      await sendCodes()
      const mail = await smtp.readLast()
      expect(mail.to?.[0]?.address).toBe(user.email)
      expect(mail.subject).toBe(subject)
      expect(mail.text).toMatch(/^\d{6}$/m)
      expect(mail.html).toMatch(/>\d{6}<\/code>/)
    },
  )

  test('200 for nobody, who gets nothing', async () => {
    const { smtp, sendCodes } = fixture()
    const before = smtp.mails.length
    expect((await send('nobody@acme.example')).status).toBe(200)
    expect(await sendCodes()).toEqual(['sign-in nobody'])
    expect(smtp.mails).toHaveLength(before)
  })

  test('a user name that looks like an address finds nobody', async () => {
    const { sendCodes, ...f } = fixture()
    await f.user({ userName: 'lookalike@acme.example', email: 'other@acme.example' })
    await send('lookalike@acme.example')
    expect(await sendCodes()).toEqual(['sign-in nobody'])
  })

  test('a sign-in with the code by mail', async () => {
    const { post, ...f } = fixture()
    const user = await f.user()
    const verify_code = await f.code(user, 'LOGIN_EMS')
    const answer = await post('/api/v2/sdk/login/email-verify-code', { email: user.email, verify_code })
    expect(answer.body.status).toBe('SUCCESS')
    const again = await post('/api/v2/sdk/login/email-verify-code', { email: user.email, verify_code })
    expect(again.body.error_code).toBe('SDK.SMS.1005')
    for (let guess = 0; guess < 2; guess += 1) {
      await post('/api/v2/sdk/login/email-verify-code', { email: user.email, verify_code })
    }
    const locked = await post('/api/v2/sdk/login/email-verify-code', { email: user.email, verify_code })
    expect(locked.body.error_code).toBe('SDK.LOGIN.1003')
  })

  test.each([
    [{ type: 'LOGIN_EMS' }, 'SDK.COMMON.1001'],
    [{ email: 'nonsense', type: 'LOGIN_EMS' }, 'SDK.COMMON.1002'],
    [{ email: 'a@acme.example', type: 'LOGIN_SMS' }, 'SDK.COMMON.1006'],
    [{ email: 'a@acme.example', type: 'REGISTER_EMS' }, 'SDK.COMMON.1006'],
    [{ email: 'a@acme.example', type: 'BIND_EMAIL_EMS' }, 'SDK.COMMON.1006'],
    [{ email: 'a@acme.example', type: 'UPDATE_EMAIL_EMS' }, 'SDK.COMMON.1006'],
    [{ email: 5, type: 'LOGIN_EMS' }, 'SDK.COMMON.1007'],
  ])('%j gets %s', async (body, code) => {
    const answer = await fixture().post(PATH, body)
    expect([answer.status, answer.body.error_code]).toEqual([400, code])
  })

  test('SDK.COMMON.1003 and 1012 come first', async () => {
    const { post } = fixture()
    expect((await post(PATH, {}, { 'x-agent': undefined })).body.error_code).toBe('SDK.COMMON.1003')
    expect((await post(PATH, {}, { 'x-client-id': 'nobody' })).body.error_code).toBe('SDK.COMMON.1012')
  })

  test('SDK.SMS.9001 when an address was asked for too often', async () => {
    for (let count = 0; count < 5; count += 1) await send('often@acme.example')
    const answer = await send('OFTEN@acme.example')
    expect([answer.status, answer.body.error_code]).toEqual([429, 'SDK.SMS.9001'])
  })

  test('MSG.0004 where the tenant has no gateway', async () => {
    const { database, clock } = fixture()
    await database.query(
      `update gateways set disabled = 1, version = version + 1 where channel = 'EMAIL'`,
      [],
    )
    clock.advance(10_000)
    const answer = await send('a@acme.example')
    expect([answer.status, answer.body.error_code]).toEqual([400, 'MSG.0004'])
  })
})
