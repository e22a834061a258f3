import { describe, expect, it } from 'vitest'
import { type ApiClient, createApiClient } from '../../../../test/support/api-client.ts'
import { describeEachDatabase } from '../../../../test/support/databases.ts'
import { type SeededApplication, seedApplication } from '../../../../test/support/seed-tenant.ts'
import { useApp } from '../../../../test/support/start-app.ts'

const OFFICE = '192.0.2.7'
const ELSEWHERE = '203.0.113.9'
const USERS = '/api/v2/tenant/users?limit=10&offset=0'
const BAD_CLIENT = '{"error":"invalid_client","error_description":"Bad client credentials"}'
const INVALID_ACCESS = '{"error":"invalid_token","error_description":"Invalid access"}'

describeEachDatabase('applications that may call from some addresses only', (kind) => {
  // the test is the proxy, and says whom it calls for
  const app = useApp(kind, { env: { REKEY_TRUST_PROXY: '127.0.0.0/8' } })
  const direct = useApp(kind)

  const seed = (allowedAddresses: readonly string[] = ['192.0.2.0/24', '2001:db8::/32']) =>
    seedApplication(app().database.store, app().tenant, ['user_read'], { allowedAddresses })

  const from = (address: string, application: SeededApplication): ApiClient =>
    createApiClient(app().url, application, { 'x-forwarded-for': address })

  function askToken(client: ApiClient, application: SeededApplication, secret = application.clientSecret) {
    const basic = Buffer.from(`${application.clientId}:${secret}`).toString('base64')
    return client.call('POST', '/api/v2/tenant/token', {
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    })
  }

  const callWith = (client: ApiClient, token: string, method = 'GET', path = USERS, body?: object) =>
    client.call(method, path, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  const change = ({ clientSecret: _, ...application }: SeededApplication, allowed: readonly string[]) =>
    app().database.store.transaction(({ applications }) =>
      applications.update({ ...application, allowedAddresses: allowed }, Date.now()),
    )

  async function recorded(application: SeededApplication) {
    const rows = await app().database.store.read.audit.list(app().tenant.id, 10_000)
    return rows.filter((row) => row.action.endsWith('address_refused') && row.targetId === application.id)
  }

  async function counted(operation: string): Promise<number> {
    const { text } = await app().client.call('GET', '/metrics')
    const line = new RegExp(`^rekey_addresses_refused_total\\{operation="${operation}"\\} (\\d+)$`, 'm')
    return Number(line.exec(text)?.[1] ?? 0)
  }

  describe('asking for an access token', () => {
    it.each([OFFICE, '::ffff:192.0.2.7', '::ffff:c000:207', '2001:db8:1::1', `10.0.0.1, ${OFFICE}`])(
      'get one at %s',
      async (address) => {
        const application = await seed()
        expect((await askToken(from(address, application), application)).status).toBe(200)
      },
    )

    it.each([ELSEWHERE, '2001:db9::1', '::ffff:203.0.113.9', `${OFFICE}, ${ELSEWHERE}`])(
      'get none at %s, and learn why',
      async (address) => {
        const application = await seed()
        const answer = await askToken(from(address, application), application)
        expect([answer.status, answer.text]).toEqual([401, BAD_CLIENT])
        expect(answer.headers.get('x-error-detail')).toBe('address_not_allowed')
        expect(answer.headers.get('www-authenticate')).toBe('Basic realm="rekey"')
        expect(await recorded(application)).toHaveLength(1)
      },
    )

    it('tell nobody who has no secret of theirs where they may call from', async () => {
      const application = await seed()
      for (const address of [OFFICE, ELSEWHERE]) {
        const answer = await askToken(from(address, application), application, 'a-secret-of-somebody-else')
        expect([answer.status, answer.text]).toEqual([401, BAD_CLIENT])
        expect(answer.headers.get('x-error-detail')).toBeNull()
      }
      expect(await recorded(application)).toEqual([])
    })

    it('learn why also where the credentials can be read in two ways', async () => {
      const seeded = await seed()
      const clientId = `${seeded.clientId}+%41`
      const { clientSecret: _, ...row } = { ...seeded, clientId }
      await app().database.store.transaction(({ applications }) => applications.update(row, Date.now()))
      const answer = await askToken(from(ELSEWHERE, seeded), { ...seeded, clientId })
      expect(answer.headers.get('x-error-detail')).toBe('address_not_allowed')
    })
  })

  describe('calling', () => {
    it('are refused from elsewhere like with a bad token, before it is asked what they may', async () => {
      const application = await seed()
      const token = await from(OFFICE, application).token()
      expect((await callWith(from(OFFICE, application), token)).status).toBe(200)
      for (const [method, path] of [
        ['GET', USERS],
        ['DELETE', '/api/v2/tenant/organizations/nobody'], // not among its permissions either
      ] as const) {
        const answer = await callWith(from(ELSEWHERE, application), token, method, path)
        expect([answer.status, answer.text]).toEqual([401, INVALID_ACCESS])
        expect(answer.headers.get('x-error-detail')).toBe('address_not_allowed')
        expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      }
      expect((await callWith(from(OFFICE, application), token)).status).toBe(200)
    })

    it('are refused with a bad token without a word about addresses', async () => {
      const application = await seed()
      const answer = await callWith(from(ELSEWHERE, application), 'unknown')
      expect([answer.status, answer.text]).toEqual([401, INVALID_ACCESS])
      expect(answer.headers.get('x-error-detail')).toBeNull()
    })

    it('are refused from elsewhere too where a session is exchanged, but not the people who sign in', async () => {
      const application = await seed()
      const token = await from(OFFICE, application).token()
      const user = await app().addUser()
      const signedIn = await from(ELSEWHERE, application).signIn(user.userName, user.password)
      expect([signedIn.status, signedIn.body.status]).toEqual([200, 'SUCCESS'])
      const body = { session_token: signedIn.body.session_token }
      const path = '/api/v2/tenant/sso/session-token/sso-ticket'
      const refused = await callWith(from(ELSEWHERE, application), token, 'POST', path, body)
      expect(refused.headers.get('x-error-detail')).toBe('address_not_allowed')
      expect((await callWith(from(OFFICE, application), token, 'POST', path, body)).status).toBe(200)
    })

    it('may do so from everywhere once the list is empty, and nowhere else within 5 s of a change', async () => {
      const application = await seed([])
      const client = from(ELSEWHERE, application)
      const token = await client.token()
      expect((await callWith(client, token)).status).toBe(200)
      await change(application, [OFFICE])
      app().clock.advance(5_000)
      expect((await callWith(client, token)).status).toBe(401)
      expect((await callWith(from(OFFICE, application), token)).status).toBe(200)
      await change(application, ['203.0.113.*'])
      app().clock.advance(5_000)
      expect((await callWith(client, token)).status).toBe(200)
    })

    it('are not believed about their address by a server without a proxy', async () => {
      const { database, tenant, url } = direct()
      const application = await seedApplication(database.store, tenant, ['user_read'], {
        allowedAddresses: [OFFICE],
      })
      const client = createApiClient(url, application, { 'x-forwarded-for': OFFICE })
      const answer = await askToken(client, application)
      expect([answer.status, answer.headers.get('x-error-detail')]).toEqual([401, 'address_not_allowed'])
    })
  })

  describe('on record', () => {
    it('stand once a minute, whatever they call and however often, without the address', async () => {
      const application = await seed()
      const token = await from(OFFICE, application).token()
      const before = [await counted('token'), await counted('call')]
      const client = from(ELSEWHERE, application)
      const answers = await Promise.all([
        ...Array.from({ length: 10 }, () => callWith(client, token)),
        ...Array.from({ length: 5 }, () => askToken(client, application)),
      ])
      expect(answers.map(({ status }) => status)).toEqual(Array(15).fill(401))
      const [row, ...others] = await recorded(application)
      expect(others).toEqual([])
      expect(row).toMatchObject({
        action: 'application.address_refused',
        actor: { kind: 'application', id: application.id },
        targetKind: 'application',
        detail: { operation: expect.stringMatching(/^(call|token)$/) },
      })
      expect(answers.map(({ headers }) => headers.get('x-request-id'))).toContain(row?.requestId)
      expect(JSON.stringify(row)).not.toContain('203.0.113')
      expect([await counted('token'), await counted('call')]).toEqual([
        (before[0] ?? 0) + 5,
        (before[1] ?? 0) + 10,
      ])
      app().clock.advance(59_000)
      await callWith(client, token)
      expect(await recorded(application)).toHaveLength(1)
      app().clock.advance(1_001)
      await callWith(client, token)
      expect(await recorded(application)).toHaveLength(2)
    })

    it('stand for each application by itself', async () => {
      const applications = await Promise.all([seed(), seed()])
      for (const application of applications) {
        await askToken(from(ELSEWHERE, application), application)
        expect(await recorded(application)).toHaveLength(1)
      }
    })
  })
})
