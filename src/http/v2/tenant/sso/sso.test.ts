import { expect, test } from 'vitest'
import { createApiClient } from '../../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../../test/support/databases.ts'
import { useSdk } from '../../../../../test/support/sdk-fixture.ts'
import { type SeededApplication, seedApplication } from '../../../../../test/support/seed-tenant.ts'

const TICKET = '/api/v2/tenant/sso/session-token/sso-ticket'
const VERIFY = '/api/v2/tenant/sso/sso-ticket/verify'
const REFRESH = '/api/v2/tenant/sso/session-token/refresh'
const device = {
  operating_sys_version: 'Android 10',
  device_ip: '10.0.0.1',
  device_fingerprint: 'f',
  agent: 'a',
}

describeEachDatabase('the session exchange', (kind) => {
  const fixture = useSdk(kind)

  async function call(path: string, body: unknown, application: SeededApplication = fixture().application) {
    const client = createApiClient(fixture().server.url, application)
    const authorization = `Bearer ${await client.token()}`
    return await client.call('POST', path, {
      headers: { authorization, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
    })
  }

  async function signedIn() {
    const { client, ...f } = fixture()
    const user = await f.user()
    const { body } = await client.signIn(user.userName, user.password)
    return { user, session_token: String(body.session_token), id_token: String(body.id_token) }
  }

  test('a session token becomes a ticket, and the ticket the user, once', async () => {
    const f = fixture()
    const { user, session_token } = await signedIn()
    const made = await call(TICKET, { session_token, ...device })
    expect(made.status).toBe(200)
    expect(Object.keys(made.body)).toEqual(['sso_ticket', 'expire'])
    expect(made.body.expire).toBe(120)
    const { sso_ticket } = made.body
    const answer = await call(VERIFY, { sso_ticket, ...device })
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        code: '200',
        message: 'success',
        data: {
          user: {
            id: user.id,
            userName: user.userName,
            name: user.name,
            mobile: user.mobile,
            email: user.email,
          },
        },
      },
    ])
    const again = await call(VERIFY, { sso_ticket })
    expect([again.status, again.body.error_code]).toEqual([400, 'SDK.COMMON.1005'])
    expect(await f.actions(user.id)).toEqual(
      expect.arrayContaining(['session.ticket_made', 'session.ticket_used']),
    )
  })

  test('a ticket for another application is good for that one alone', async () => {
    const { database, tenant } = fixture()
    const other = await seedApplication(database.store, tenant)
    const { session_token } = await signedIn()
    const made = await call(TICKET, { session_token, client_id: other.clientId })
    const { sso_ticket } = made.body
    expect((await call(VERIFY, { sso_ticket })).body.error_code).toBe('SDK.COMMON.1005')
    expect((await call(VERIFY, { sso_ticket }, other)).status).toBe(200)
    const nobody = await call(TICKET, { session_token, client_id: 'nobody' })
    expect([nobody.status, nobody.body.error_code]).toEqual([400, 'SDK.COMMON.1012'])
  })

  test('SDK.COMMON.1005 for tickets that are too old or whose session has ended, and for tokens that are none', async () => {
    const { clock, get } = fixture()
    const { session_token, id_token } = await signedIn()
    const late = await call(TICKET, { session_token })
    clock.advance(120_000)
    expect((await call(VERIFY, late.body)).body.error_code).toBe('SDK.COMMON.1005')
    const made = await call(TICKET, { session_token })
    await get('/api/v2/sdk/logout', { authorization: `Bearer ${id_token}` })
    expect((await call(VERIFY, made.body)).body.error_code).toBe('SDK.COMMON.1005')
    for (const path of [TICKET, REFRESH]) {
      for (const token of [session_token, 'x'.repeat(512), '']) {
        const answer = await call(path, { session_token: token })
        expect([answer.status, answer.body.error_code]).toEqual([400, 'SDK.COMMON.1005'])
      }
    }
  })

  test('a session is renewed: another token, the old one ends, at most for thirty days', async () => {
    const { clock, get } = fixture()
    const first = await signedIn()
    const renewed = await call(REFRESH, { session_token: first.session_token, ...device })
    expect(renewed.status).toBe(200)
    expect(Object.keys(renewed.body)).toEqual(['session_token', 'expire', 'id_token'])
    expect(renewed.body.expire).toBe(604_800)
    expect((await call(TICKET, { session_token: first.session_token })).status).toBe(400)
    const authorization = `Bearer ${renewed.body.id_token}`
    expect((await get('/api/v2/sdk/profile', { authorization })).status).toBe(200)
    let session_token = renewed.body.session_token
    for (let week = 0; week < 4; week += 1) {
      clock.advance(6.5 * 86_400_000)
      session_token = (await call(REFRESH, { session_token })).body.session_token
    }
    const last = await call(REFRESH, { session_token })
    expect(last.body.expire).toBeLessThanOrEqual(4 * 86_400)
    expect(last.body.expire).toBeGreaterThan(4 * 86_400 - 60)
  })

  test('of renewals at once one gets a token that is good', async () => {
    const { session_token } = await signedIn()
    const answers = await Promise.all([call(REFRESH, { session_token }), call(REFRESH, { session_token })])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400])
  })

  test('only the application of the session renews it, and other tenants know nothing of it', async () => {
    const { database, tenant } = fixture()
    const other = await seedApplication(database.store, tenant)
    const { session_token } = await signedIn()
    expect((await call(REFRESH, { session_token }, other)).body.error_code).toBe('SDK.COMMON.1005')
  })

  test.each([[TICKET], [VERIFY], [REFRESH]])(
    '%s: invalid_token, insufficient_scope, REQUEST.9002',
    async (path) => {
      const { client, database, tenant } = fixture()
      const headers = { 'content-type': 'application/json' }
      const missing = await client.call('POST', path, { headers, body: '{}' })
      expect([missing.status, missing.body.error]).toEqual([401, 'invalid_token'])
      const poor = await seedApplication(database.store, tenant, ['org_all'])
      const scope = await call(path, {}, poor)
      expect([scope.status, scope.body.error]).toEqual([403, 'insufficient_scope'])
      const empty = await call(path, {})
      expect([empty.status, empty.body.error_code]).toEqual([400, 'REQUEST.9002'])
    },
  )
})
