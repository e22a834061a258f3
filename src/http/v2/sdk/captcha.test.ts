import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { Challenge } from 'altcha-lib/types'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/support/databases.ts'
import { type SdkFixture, useSdk } from '../../../../test/support/sdk-fixture.ts'

const SEND = '/api/v2/sdk/sms/send'

/** As the widget does it. */
async function solve(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey })
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}

describeEachDatabase('GET /api/v2/sdk/captcha', (kind) => {
  const fixture = useSdk(kind, {}, {}, { captcha: 'proof-of-work' })
  const other = useSdk(kind, {}, {}, { captcha: 'proof-of-work' })

  const challenge = async ({ get }: SdkFixture) => {
    const answer = await get('/api/v2/sdk/captcha')
    expect(answer.status).toBe(200)
    return answer.body as unknown as Challenge
  }
  let count = 0
  const send = (captcha_token: unknown) => {
    count += 1
    const body = { mobile: `+86-1397${String(count).padStart(7, '0')}`, type: 'LOGIN_SMS', captcha_token }
    return fixture().post(SEND, body)
  }

  test('200: the solution is good for one code', async () => {
    const token = await solve(await challenge(fixture()))
    expect((await send(token)).status).toBe(200)
    const answer = await send(token)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'SDK.CAPTCHA.9001'])
  })

  test('of calls at once with one solution one passes', async () => {
    const token = await solve(await challenge(fixture()))
    const answers = await Promise.all([send(token), send(token), send(token)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400, 400])
  })

  test('a call that was refused otherwise leaves it good', async () => {
    const token = await solve(await challenge(fixture()))
    await fixture().post(SEND, { mobile: 'nonsense', type: 'LOGIN_SMS', captcha_token: token })
    expect((await send(token)).status).toBe(200)
  })

  test('SDK.CAPTCHA.9001 without one, with rubbish, unsolved, changed, too old, and of another tenant', async () => {
    const { clock } = fixture()
    const own = await challenge(fixture())
    const unsolved = { challenge: own, solution: { counter: 0, derivedKey: '00' } }
    const eased = { ...own, parameters: { ...own.parameters, keyPrefix: '' } }
    const tokens = [
      undefined,
      '',
      'rubbish',
      Buffer.from('null').toString('base64'),
      Buffer.from('{"challenge":{},"solution":{}}').toString('base64'),
      Buffer.from(JSON.stringify(unsolved)).toString('base64'),
      Buffer.from(JSON.stringify({ ...unsolved, challenge: eased })).toString('base64'),
      await solve(await challenge(other())),
    ]
    for (const token of tokens) {
      const answer = await send(token)
      expect([token, answer.status, answer.body.error_code]).toEqual([token, 400, 'SDK.CAPTCHA.9001'])
    }
    const late = await solve(own)
    clock.advance(600_000)
    expect((await send(late)).body.error_code).toBe('SDK.CAPTCHA.9001')
    const mail = await fixture().post('/api/v2/sdk/email/send', {
      email: 'a@acme.example',
      type: 'LOGIN_EMS',
    })
    expect(mail.body.error_code).toBe('SDK.CAPTCHA.9001')
  })

  test('SDK.COMMON.1001, 1003 and 1012 as everywhere', async () => {
    const { get } = fixture()
    const path = '/api/v2/sdk/captcha'
    expect((await get(path, { 'x-client-id': undefined })).body.error_code).toBe('SDK.COMMON.1001')
    expect((await get(path, { 'x-agent': undefined })).body.error_code).toBe('SDK.COMMON.1003')
    expect((await get(path, { 'x-client-id': 'nobody' })).body.error_code).toBe('SDK.COMMON.1012')
  })
})

describeEachDatabase('GET /api/v2/sdk/captcha beyond the limit of an address', (kind) => {
  const fixture = useSdk(kind, { perAddressPerMinute: 1 })

  test('SDK.LOGIN.9002', async () => {
    await fixture().get('/api/v2/sdk/captcha')
    expect((await fixture().get('/api/v2/sdk/captcha')).body.error_code).toBe('SDK.LOGIN.9002')
  })
})
