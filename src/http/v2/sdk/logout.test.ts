import { createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { describeEachDatabase } from '../../../../test/support/databases.ts'
import { useSdk } from '../../../../test/support/sdk-fixture.ts'

const LOGOUT = '/api/v2/sdk/logout'
const PROFILE = '/api/v2/sdk/profile'

describeEachDatabase('GET /api/v2/sdk/logout, /profile', (kind) => {
  const fixture = useSdk(kind)

  async function signedIn(change: Parameters<ReturnType<typeof fixture>['user']>[0] = {}) {
    const { client, ...f } = fixture()
    const user = await f.user(change)
    const { body } = await client.signIn(user.userName, user.password)
    return { user, authorization: `Bearer ${body.id_token}` }
  }

  test('200: this session has ended, another of the same user goes on', async () => {
    const { client, get, ...f } = fixture()
    const { user, authorization } = await signedIn()
    const { body } = await client.signIn(user.userName, user.password)
    const answer = await get(LOGOUT, { authorization })
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect((await get(PROFILE, { authorization })).status).toBe(401)
    expect((await get(LOGOUT, { authorization })).status).toBe(401)
    expect((await get(PROFILE, { authorization: `Bearer ${body.id_token}` })).status).toBe(200)
    expect(await f.actions(user.id)).toContain('session.ended')
  })

  test('200: the profile has what the person has, no identity number, and nothing of the administration', async () => {
    const profile = { first_name: 'Alice', attr_city: 'Suzhou', attr_identity_number: '1' }
    const { user, authorization } = await signedIn({ profile, extension: { secret: 1 } })
    const answer = await fixture().get(PROFILE, { authorization })
    expect(answer.body).toEqual({
      user_id: user.id,
      user_name: user.userName,
      name: user.name,
      mobile: user.mobile,
      email: user.email,
      first_name: 'Alice',
      attr_city: 'Suzhou',
    })
    const bare = await signedIn({ email: undefined, mobile: undefined })
    const { body } = await fixture().get(PROFILE, { authorization: bare.authorization })
    expect(Object.keys(body)).toEqual(['user_id', 'user_name', 'name'])
  })

  test.each([[LOGOUT], [PROFILE]])('%s: invalid_token without one that lives', async (path) => {
    const { get, database } = fixture()
    const { user, authorization } = await signedIn()
    await database.query(`update users set disabled = 1 where id = '${user.id}'`, [])
    for (const header of [undefined, 'Bearer x', 'Basic YTpi', authorization]) {
      const answer = await get(path, { authorization: header })
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_token'])
    }
  })

  test.each([
    [LOGOUT],
    [PROFILE],
    ['/api/v2/sdk/public-key'],
    ['/api/v2/sdk/server-date'],
    ['/api/v2/sdk/country-codes'],
  ])('%s: SDK.COMMON.1001, 1003 and 1012', async (path) => {
    const { get } = fixture()
    expect((await get(path, { 'x-client-id': undefined })).body.error_code).toBe('SDK.COMMON.1001')
    expect((await get(path, { 'x-agent': undefined })).body.error_code).toBe('SDK.COMMON.1003')
    expect((await get(path, { 'x-client-id': 'nobody' })).body.error_code).toBe('SDK.COMMON.1012')
  })

  test('the public key verifies an id_token', async () => {
    const { get } = fixture()
    const { authorization } = await signedIn()
    const { body } = await get('/api/v2/sdk/public-key')
    const key = createPublicKey({
      key: Buffer.from(String(body.public_key), 'base64'),
      format: 'der',
      type: 'spki',
    })
    const [head = '', payload = '', signature = ''] = authorization.slice('Bearer '.length).split('.')
    const signed = Buffer.from(`${head}.${payload}`)
    expect(verify('sha256', signed, key, Buffer.from(signature, 'base64url'))).toBe(true)
    expect(JSON.parse(Buffer.from(head, 'base64url').toString()).kid).toBe(body.kid)
  })

  test('the server date is the clock of the server', async () => {
    const { get, clock } = fixture()
    const { body } = await get('/api/v2/sdk/server-date')
    expect(Math.abs(Number(body.timestamp) - clock.now())).toBeLessThan(5_000)
  })

  test('country codes come in the language of the reader', async () => {
    const { get } = fixture()
    const { body } = await get('/api/v2/sdk/country-codes', { 'x-l': 'zh' })
    expect(body.country_codes).toContainEqual({ country: 'CN', name: '中国', code: '+86' })
    const english = await get('/api/v2/sdk/country-codes')
    expect(english.body.country_codes).toContainEqual({ country: 'DE', name: 'Germany', code: '+49' })
  })
})

describeEachDatabase('GET /api/v2/sdk/logout, /profile beyond the limit of an address', (kind) => {
  const fixture = useSdk(kind, { perAddressPerMinute: 1 })

  test('SDK.LOGIN.9002', async () => {
    const headers = { authorization: 'Bearer x' }
    await fixture().get(LOGOUT, headers)
    expect((await fixture().get(LOGOUT, headers)).body.error_code).toBe('SDK.LOGIN.9002')
    expect((await fixture().get(PROFILE, headers)).body.error_code).toBe('SDK.LOGIN.9002')
  })
})
