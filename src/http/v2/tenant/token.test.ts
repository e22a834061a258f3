import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  describeEachDatabase,
  openTestDatabase,
  type TestDatabase,
} from '../../../../test/support/databases.ts'
import { type SeededApplication, seedApplication, seedTenant } from '../../../../test/support/seed-tenant.ts'
import { type StartedHttp, startHttp } from '../../../../test/support/start-http.ts'
import { createTestClock, type TestClock } from '../../../../test/support/test-clock.ts'
import type { Tenant } from '../../../core/tenants/tenant.ts'

const FORM = 'application/x-www-form-urlencoded'
const GRANT = 'grant_type=client_credentials'
const BAD_CLIENT = '{"error":"invalid_client","error_description":"Bad client credentials"}'

describeEachDatabase('POST /api/v2/tenant/token', (kind) => {
  let clock: TestClock
  let database: TestDatabase
  let server: StartedHttp
  let tenant: Tenant
  let application: SeededApplication

  beforeAll(async () => {
    clock = createTestClock()
    database = await openTestDatabase(kind, { clock })
    tenant = await seedTenant(database.store, { domains: ['127.0.0.1'] })
    application = await seedApplication(database.store, tenant, ['user_read', 'org_all'])
    server = await startHttp({ store: database.store, clock })
  })

  afterAll(async () => {
    await server.close()
    await database.close()
  })

  function basic(client: Pick<SeededApplication, 'clientId' | 'clientSecret'>): string {
    return `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`
  }

  function fields(client: SeededApplication): string {
    return `${GRANT}&client_id=${client.clientId}&client_secret=${client.clientSecret}`
  }

  async function post(path: string, headers: Record<string, string>, body?: string) {
    const init = body === undefined ? { headers } : { headers, body }
    const response = await fetch(`${server.url}${path}`, { method: 'POST', ...init })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  function postBasic(client: Pick<SeededApplication, 'clientId' | 'clientSecret'>, body = GRANT) {
    return post('/api/v2/tenant/token', { authorization: basic(client), 'content-type': FORM }, body)
  }

  async function tokenOf(client: SeededApplication): Promise<string> {
    return JSON.parse((await postBasic(client)).text).access_token
  }

  async function statusWith(token: string, host = server.url): Promise<number> {
    const path = '/api/v2/tenant/users?limit=10&offset=0'
    const response = await fetch(`${host}${path}`, { headers: { authorization: `Bearer ${token}` } })
    return response.status
  }

  async function change(client: SeededApplication, changes: Partial<SeededApplication>): Promise<void> {
    const { clientSecret: _secret, ...row } = { ...client, ...changes }
    await database.store.transaction((repositories) => repositories.applications.update(row, clock.now()))
  }

  it('leaves a row in the record that names the application, and never the token', async () => {
    const token = await tokenOf(application)
    const rows = await database.store.read.audit.list(tenant.id, 10)
    expect(rows.find((row) => row.action === 'token.issued')).toMatchObject({
      actor: { kind: 'application', id: application.id },
      targetKind: 'application',
      targetId: application.id,
      requestId: expect.any(String),
    })
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it('gives none to an application that is removed between its secret and its token', async () => {
    const leaving = await seedApplication(database.store, tenant, ['user_read'])
    const { promise: answered, resolve: goOn } = Promise.withResolvers<void>()
    let answer: ReturnType<typeof postBasic> | undefined
    await database.store.transaction(async (repositories) => {
      await repositories.applications.delete(tenant.id, leaving.id)
      answer ??= postBasic(leaving) // sees the application, and waits to write
      setTimeout(goOn, 200)
      await answered
    })
    expect(await answer).toMatchObject({ status: 401, text: BAD_CLIENT })
  })

  describe('200', () => {
    it.each([
      ['Basic and a form', () => postBasic(application)],
      ['the URL', () => post(`/api/v2/tenant/token?${fields(application)}`, { 'content-type': FORM })],
      ['form fields', () => post('/api/v2/tenant/token', { 'content-type': FORM }, fields(application))],
      [
        'JSON at the old path',
        () =>
          post(
            '/api/oap/oauth/token',
            { 'content-type': 'application/json' },
            JSON.stringify({
              grant_type: 'client_credentials',
              client_id: application.clientId,
              client_secret: application.clientSecret,
            }),
          ),
      ],
    ])('gives a token for credentials by %s', async (_how, request) => {
      const answer = await request()
      const body = JSON.parse(answer.text)
      expect(answer.status).toBe(200)
      expect(Object.keys(body)).toEqual(['access_token', 'token_type', 'expires_in', 'scope', 'id_token'])
      expect(body).toMatchObject({ token_type: 'bearer', scope: 'all' })
      expect(body.access_token).toMatch(/^[\w-]{43}$/)
      expect([1_799, 1_800]).toContain(body.expires_in)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('pragma')).toBe('no-cache')
      expect(await statusWith(body.access_token)).toBe(200)
    })

    it('keeps only a digest of the token', async () => {
      const token = await tokenOf(application)
      const { createHash } = await import('node:crypto')
      const digest = createHash('sha256').update(token).digest('hex')
      const found = await database.store.read.accessTokens.findWithApplication(tenant.id, digest)
      expect(found?.application.id).toBe(application.id)
      expect(JSON.stringify(found)).not.toContain(token)
    })

    it('leaves earlier tokens valid', async () => {
      const earlier = await tokenOf(application)
      expect(await tokenOf(application)).not.toBe(earlier)
      expect(await statusWith(earlier)).toBe(200)
    })

    it('tells the permissions in an id_token that the published keys verify', async () => {
      const body = JSON.parse((await postBasic(application)).text)
      const keys = (await (await fetch(`${server.url}/api/v1/oauth2/keys`)).json()) as JSONWebKeySet
      const verified = await jwtVerify(body.id_token, createLocalJWKSet(keys), {
        algorithms: ['RS256'],
        currentDate: new Date(clock.now()),
        audience: application.clientId,
        subject: application.clientId,
      })
      expect(verified.protectedHeader.kid).toBe(keys.keys[0]?.kid)
      expect(verified.payload.api).toEqual(['user_read', 'org_all'])
      expect(JSON.stringify(keys)).not.toMatch(/"(d|p|q|dp|dq|qi)":/)
    })

    it('takes a Basic secret percent-encoded or as it is', async () => {
      const secret = 'a+b/c%20d:e=f&g h'
      const { createHash } = await import('node:crypto')
      const odd = await seedApplication(database.store, tenant)
      await change(odd, { secretDigest: createHash('sha256').update(secret).digest('hex') })
      expect((await postBasic({ clientId: odd.clientId, clientSecret: secret })).status).toBe(200)
      const encoded = { clientId: odd.clientId, clientSecret: encodeURIComponent(secret) }
      expect((await postBasic(encoded)).status).toBe(200)
    })
  })

  describe('invalid_client', () => {
    it.each([
      ['a wrong secret', () => postBasic({ ...application, clientSecret: 'wrong' })],
      ['an unknown client', () => postBasic({ ...application, clientId: 'nobody' })],
      ['a client id that nobody can have', () => postBasic({ ...application, clientId: 'a\0b' })],
      ['no credentials', () => post('/api/v2/tenant/token', { 'content-type': FORM }, GRANT)],
      ['no request at all', () => post('/api/v2/tenant/token', {})],
    ])('answers %s', async (_what, request) => {
      const answer = await request()
      expect([answer.status, answer.text]).toEqual([401, BAD_CLIENT])
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /)
    })

    it('answers a disabled application', async () => {
      const disabled = await seedApplication(database.store, tenant)
      await change(disabled, { disabled: true })
      expect((await postBasic(disabled)).text).toBe(BAD_CLIENT)
    })

    it("answers another tenant's application", async () => {
      const other = await seedTenant(database.store)
      const stranger = await seedApplication(database.store, other)
      expect((await postBasic(stranger)).text).toBe(BAD_CLIENT)
    })
  })

  describe('invalid_request and unsupported_grant_type', () => {
    it.each([
      [
        'different credentials in two forms',
        () =>
          post(`/api/v2/tenant/token?${fields(application)}`, {
            authorization: basic({ clientId: 'x', clientSecret: 'y' }),
          }),
      ],
      ['a field that comes twice', () => postBasic(application, `${GRANT}&${GRANT}`)],
      ['no grant type', () => postBasic(application, '')],
      ['broken JSON', () => post('/api/v2/tenant/token', { 'content-type': 'application/json' }, '{')],
      ['a JSON array', () => post('/api/v2/tenant/token', { 'content-type': 'application/json' }, '[]')],
    ])('refuses %s', async (_what, request) => {
      const answer = await request()
      expect(answer.status).toBe(400)
      expect(JSON.parse(answer.text)).toMatchObject({ error: 'invalid_request' })
    })

    it('refuses every other grant type by its name', async () => {
      const answer = await postBasic(application, 'grant_type=password')
      expect([answer.status, answer.text]).toEqual([
        400,
        '{"error":"unsupported_grant_type","error_description":"Unauthorized grant type: password"}',
      ])
    })
  })

  describe('a token that was given out', () => {
    it.each([
      ['is disabled', { disabled: true, version: 2 }],
      ['gets another secret', { secretDigest: '1'.repeat(64), version: 2 }],
    ])('ends within 5 s when its application %s', async (_what, changes) => {
      const client = await seedApplication(database.store, tenant)
      const token = await tokenOf(client)
      expect(await statusWith(token)).toBe(200)
      await change(client, changes)
      clock.advance(5_000)
      expect(await statusWith(token)).toBe(401)
    })

    it('loses and gains permissions within 5 s, without a new one', async () => {
      const client = await seedApplication(database.store, tenant, ['user_read'])
      const token = await tokenOf(client)
      expect(await statusWith(token)).toBe(200)
      await change(client, { grants: { codes: ['org_all'], bundles: [] } })
      clock.advance(5_000)
      expect(await statusWith(token)).toBe(403)
      await change(client, { grants: { codes: ['read'], bundles: [] } })
      clock.advance(5_000)
      expect(await statusWith(token)).toBe(200)
    })

    it('ends with its lifetime, to the millisecond', async () => {
      const client = await seedApplication(database.store, tenant)
      const token = await tokenOf(client)
      clock.advance(1_790_000)
      expect(await statusWith(token)).toBe(200)
      clock.advance(10_000)
      expect(await statusWith(token)).toBe(401)
    })

    it("is unknown at another tenant's host", async () => {
      const other = await seedTenant(database.store, { domains: ['localhost'] })
      const stranger = await seedApplication(database.store, other)
      clock.advance(5_000)
      const atOther = server.url.replace('127.0.0.1', 'localhost')
      expect(await statusWith(await tokenOf(application), atOther)).toBe(401)
      const there = await fetch(`${atOther}/api/v2/tenant/token?${fields(stranger)}`, { method: 'POST' })
      const { access_token: token } = (await there.json()) as { access_token: string }
      expect(await statusWith(token, atOther)).toBe(200)
      expect(await statusWith(token)).toBe(401)
    })
  })
})
