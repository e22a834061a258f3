import { describe, expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { chosenPassword } from '../../../../../test/support/passwords.ts'
import { useSdk } from '../../../../../test/support/sdk-fixture.ts'

const PATH = '/api/v2/sdk/pwd/update'

describeEachDatabase('POST /api/v2/sdk/pwd/update', (kind) => {
  const fixture = useSdk(kind)
  const chosen = chosenPassword

  async function delivered() {
    const { client, ...f } = fixture()
    const user = await f.user()
    const reset = await f.reset(user, 'accepted')
    const { body } = await client.signIn(user.userName, reset.password)
    return { user, old: reset.password, stateToken: String(body.state_token) }
  }

  test('200 gives a session, and the chosen password signs in', async () => {
    const { client } = fixture()
    const { user, old, stateToken } = await delivered()
    const password = chosen()
    const answer = await client.updatePassword(stateToken, old, password)
    expect(answer.status).toBe(200)
    expect(Object.keys(answer.body)).toEqual(['status', 'session_token', 'expire', 'id_token'])
    expect(answer.body).toMatchObject({ status: 'SUCCESS', expire: 43_200 })
    expect((await client.signIn(user.userName, password)).body).toMatchObject({ status: 'SUCCESS' })
  })

  test('SDK.COMMON.1005 for a token that is unknown or used', async () => {
    const { client } = fixture()
    const { old, stateToken } = await delivered()
    await client.updatePassword(stateToken, old, chosen())
    for (const token of [stateToken, 'unknown', 'x'.repeat(4_000)]) {
      const answer = await client.updatePassword(token, old, chosen())
      expect([answer.status, answer.text]).toEqual([
        400,
        '{"error_code":"SDK.COMMON.1005","error_msg":"X-state-token has expired."}',
      ])
    }
  })

  test('SDK.COMMON.1001 without a token, an old or a new password', async () => {
    const { post } = fixture()
    const { old, stateToken } = await delivered()
    const body = { old_password: old, new_password: chosen() }
    const withToken = { 'x-state-token': stateToken }
    for (const [given, headers, name] of [
      [body, {}, 'X-state-token'],
      [body, { 'x-state-token': ' ' }, 'X-state-token'],
      [{ new_password: chosen() }, withToken, 'old_password'],
      [{ ...body, old_password: '' }, withToken, 'old_password'],
      [{ old_password: old }, withToken, 'new_password'],
    ] as const) {
      const answer = await post(PATH, given, headers)
      expect(answer.body).toEqual({
        error_code: 'SDK.COMMON.1001',
        error_msg: `Parameter ${name} cannot be left blank.`,
      })
    }
  })

  test('PWD.9001 with the attempts left last, then SDK.LOGIN.1003', async () => {
    const { client } = fixture()
    const { stateToken } = await delivered()
    const answer = await client.updatePassword(stateToken, 'wrong', chosen())
    expect(answer.text).toBe(
      '{"error_code":"PWD.9001","error_msg":"The old password is wrong. Remaining attempts:2"}',
    )
    await client.updatePassword(stateToken, 'wrong', chosen())
    const last = await client.updatePassword(stateToken, 'wrong', chosen())
    expect(last.body.error_code).toBe('SDK.LOGIN.1003')
  })

  describe('a new password', () => {
    test.each([
      ['', 'PWD.0001', 'Password cannot be empty'],
      ['Short-1', 'PWD.0002', 'The password must contain 12~64 characters'],
      ['alllowercaseletters', 'PWD.0005', undefined],
    ])('%j gets %s', async (password, code, text) => {
      const { client } = fixture()
      const { old, stateToken } = await delivered()
      const answer = await client.updatePassword(stateToken, old, password)
      expect([answer.status, answer.body.error_code]).toEqual([400, code])
      expect(answer.body.error_msg).toContain(text ?? 'at least 3')
    })

    test('that is weak gets PWD.0006, in both languages', async () => {
      const { client, post } = fixture()
      const { old, stateToken } = await delivered()
      const answer = await client.updatePassword(stateToken, old, 'Password1234')
      expect([answer.status, answer.body.error_code]).toEqual([400, 'PWD.0006'])
      expect(answer.headers.get('x-error-detail')).toBe('weak')
      const body = { old_password: old, new_password: 'Password1234' }
      const chinese = await post(PATH, body, { 'x-state-token': stateToken, 'x-l': 'zh' })
      expect(chinese.body.error_msg).toMatch(/^密码强度过弱/)
      // and only whoever has the old one is told so
      const stranger = await client.updatePassword(stateToken, 'wrong', 'Password1234')
      expect(stranger.body.error_code).toBe('PWD.9001')
    })

    test('that breaks a rule is answered in Chinese to whoever reads Chinese, all of it', async () => {
      const { post } = fixture()
      const { old, stateToken } = await delivered()
      const body = { old_password: old, new_password: 'alllowercaseletters' }
      const answer = await post(PATH, body, { 'x-state-token': stateToken, 'accept-language': 'zh-CN' })
      expect(answer.body.error_msg).toBe('密码不符合校验规则,数字、大写字母、小写字母、特殊字符中至少包含3种')
    })

    test('that is the old one gets PWD.9002', async () => {
      const { client } = fixture()
      const { old, stateToken } = await delivered()
      const answer = await client.updatePassword(stateToken, old, old)
      expect([answer.status, answer.body.error_code]).toEqual([400, 'PWD.9002'])
    })
  })

  test('SDK.COMMON.1007 for a password that is no text', async () => {
    const { post } = fixture()
    const answer = await post(PATH, { old_password: 1, new_password: 'x' }, { 'x-state-token': 'x' })
    expect(answer.body.error_code).toBe('SDK.COMMON.1007')
  })
})
