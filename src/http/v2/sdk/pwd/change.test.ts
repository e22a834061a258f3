import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { chosenPassword } from '../../../../../test/support/passwords.ts'
import { useSdk } from '../../../../../test/support/sdk-fixture.ts'

const PATH = '/api/v2/sdk/pwd/change'

describeEachDatabase('POST /api/v2/sdk/pwd/change', (kind) => {
  const fixture = useSdk(kind)
  const chosen = chosenPassword

  async function signedIn() {
    const { client, ...f } = fixture()
    const user = await f.user()
    const { body } = await client.signIn(user.userName, user.password)
    return { user, idToken: String(body.id_token) }
  }

  test('200 has an empty body, and the chosen password signs in', async () => {
    const { client } = fixture()
    const { user, idToken } = await signedIn()
    const password = chosen()
    const answer = await client.changePassword(idToken, user.password, password)
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect((await client.signIn(user.userName, password)).body).toMatchObject({ status: 'SUCCESS' })
    expect((await client.signIn(user.userName, user.password)).status).toBe(400)
    expect((await client.changePassword(idToken, password, chosen())).status).toBe(401)
  })

  test('invalid_token without an id_token, with a session token, and with rubbish', async () => {
    const { post, client, ...f } = fixture()
    const user = await f.user()
    const session = await client.signIn(user.userName, user.password)
    const body = { old_password: user.password, new_password: chosen() }
    for (const authorization of [
      undefined,
      'Bearer',
      'Basic YTpi',
      'Bearer a.b.c',
      `Bearer ${session.body.session_token}`,
    ]) {
      const answer = await post(PATH, body, { authorization })
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_token'])
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    }
  })

  test('PWD.9001 with the attempts left last, then SDK.LOGIN.1003', async () => {
    const { client } = fixture()
    const { idToken } = await signedIn()
    const codes = []
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const answer = await client.changePassword(idToken, 'wrong', chosen())
      codes.push(answer.body.error_code)
    }
    expect(codes).toEqual(['PWD.9001', 'PWD.9001', 'SDK.LOGIN.1003'])
  })

  test('SDK.COMMON.1001 without the old password, though one is set', async () => {
    const { post } = fixture()
    const { idToken } = await signedIn()
    for (const body of [{ new_password: chosen() }, { old_password: '', new_password: chosen() }]) {
      const answer = await post(PATH, body, { authorization: `Bearer ${idToken}` })
      expect(answer.body).toEqual({
        error_code: 'SDK.COMMON.1001',
        error_msg: 'Parameter old_password cannot be left blank.',
      })
    }
  })

  test.each([
    ['', 'PWD.0001'],
    ['Short-1', 'PWD.0002'],
    ['alllowercaseletters', 'PWD.0005'],
  ])('a new password %j gets %s', async (password, code) => {
    const { client } = fixture()
    const { user, idToken } = await signedIn()
    const answer = await client.changePassword(idToken, user.password, password)
    expect([answer.status, answer.body.error_code]).toEqual([400, code])
  })

  test('the old password as the new one gets PWD.9002', async () => {
    const { client } = fixture()
    const { user, idToken } = await signedIn()
    const answer = await client.changePassword(idToken, user.password, user.password)
    expect([answer.status, answer.body.error_code]).toEqual([400, 'PWD.9002'])
  })
})
