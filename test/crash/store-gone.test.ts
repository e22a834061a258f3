import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routeTable } from '../../src/http/route-table.ts'
import { type Answer, type CallOptions, createApiClient } from '../support/api-client.ts'
import { testDatabases } from '../support/databases.ts'
import { expectMustChange } from '../support/passwords.ts'
import { type SeededUser, seedApplication } from '../support/seed-tenant.ts'
import { readMailedPasswords } from '../support/start-app.ts'
import { type AppBehindProxy, startBehindProxy } from './start-behind-proxy.ts'

/** No caller waits longer for a 503. */
const ANSWER_MS_MAX = 8_000
/** Beyond the age of everything that is remembered from the store. */
const FORGOTTEN_AFTER_MS = 6_000

type Request = readonly [method: string, path: string, options: CallOptions]

describe.runIf(testDatabases.includes('postgres'))('a database that is gone when a request comes', () => {
  let app: AppBehindProxy
  let alice: SeededUser
  let requests: ReadonlyMap<string, Request>
  beforeAll(async () => {
    app = await startBehindProxy()
    alice = await app.addUser()
    requests = await requestsOfEveryRoute(app, alice)
  })
  afterAll(() => app.close())

  it('is known for every route of the server', () => {
    const routes = routeTable.filter(({ permission }) => permission !== 'server')
    expect([...requests.keys()].toSorted()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).toSorted(),
    )
  })

  it('is answered 503 by every endpoint in time, and all work again when it is back', async () => {
    for (const [name, request] of requests) {
      expect((await send(request)).status, name).not.toBe(503)
    }
    app.proxy.cut()
    for (const [name, request] of requests) {
      // public keys change with nothing that a request does: young ones are answered from memory
      if (name !== 'GET /api/v1/oauth2/keys') {
        expectUnavailable(name, await send(request))
      }
    }
    app.clock.advance(FORGOTTEN_AFTER_MS)
    for (const [name, request] of requests) {
      expectUnavailable(name, await send(request))
    }
    expectUnavailable('no route', await send(['GET', '/api/v2/tenant/nothing', {}]))
    await expectHealth(503, { status: 'not_ready', checks: { database: 'failed' } })

    app.proxy.restore()
    await expectHealth(200, { status: 'ready', checks: { database: 'ok', migrations: 'ok', clock: 'ok' } })
    for (const [name, request] of requests) {
      expect((await send(request)).status, name).not.toBe(503)
    }
    const bob = await app.addUser()
    expect((await app.client.resetPassword(bob.id, 'EMAIL')).status).toBe(200)
    const [password] = await readMailedPasswords(app.smtp, bob.email ?? '')
    await expectMustChange(app.client, bob.userName, password ?? '')
  })

  it('is answered 503 in time also when new lines to it lead nowhere', async () => {
    app.proxy.cut()
    await expectHealth(503, { status: 'not_ready', checks: { database: 'failed' } }) // every line is gone now
    app.proxy.restore()
    app.proxy.freeze()
    app.clock.advance(FORGOTTEN_AFTER_MS)
    const answers = await Promise.all(
      [...requests].map(async ([name, request]) => [name, await send(request)] as const),
    )
    for (const [name, answer] of answers) {
      expectUnavailable(name, answer)
    }
    app.proxy.restore()
    await expect
      .poll(async () => (await app.client.call('GET', '/health/ready')).status, { timeout: 10_000 })
      .toBe(200)
  })

  it('shows on /health/ready in time also when it falls silent on an open line', async () => {
    expect((await app.client.call('GET', '/health/ready')).status).toBe(200)
    app.proxy.freeze()
    const startedAt = performance.now()
    await expectHealth(503, { status: 'not_ready', checks: { database: 'failed' } })
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    app.proxy.restore()
    await expect
      .poll(async () => (await app.client.call('GET', '/health/ready')).status, { timeout: 25_000 })
      .toBe(200)
  })

  async function send([method, path, options]: Request): Promise<Answer> {
    return await app.client.call(method, path, { ...options, signal: AbortSignal.timeout(ANSWER_MS_MAX) })
  }

  async function expectHealth(status: number, body: Record<string, unknown>): Promise<void> {
    const live = await app.client.call('GET', '/health/live')
    expect(live.status).toBe(200)
    const ready = await app.client.call('GET', '/health/ready')
    expect(ready.status).toBe(status)
    expect(ready.body).toMatchObject(body)
  }
})

function expectUnavailable(name: string, answer: Answer): void {
  expect(answer.status, name).toBe(503)
  expect(answer.headers.get('content-type'), name).toBe('application/json; charset=utf-8')
  expect(answer.body, name).toMatchObject({ error_code: 'REQUEST.9012' })
  expect(Number(answer.headers.get('retry-after')), name).toBeGreaterThan(0)
}

/** One good request for each route; a few lead to a refusal when the store works, none without asking it. */
async function requestsOfEveryRoute(
  app: AppBehindProxy,
  alice: SeededUser,
): Promise<ReadonlyMap<string, Request>> {
  const { clientId, clientSecret } = app.application
  const signedIn = await app.client.signIn(alice.userName, alice.password)
  const caller = await seedApplication(app.database.store, app.tenant, ['user_all', 'org_all'])
  const bearer = { authorization: `Bearer ${await createApiClient(app.url, caller).token()}` }
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  const device = {
    'content-type': 'application/json',
    'x-client-id': clientId,
    'x-operating-sys-version': 'linux6.1',
    'x-device-fingerprint': 'device-1',
    'x-agent': 'test/1.0',
  }
  const passwords = JSON.stringify({ old_password: 'Wrong-Own-1', new_password: 'Chosen-Own-2580' })
  const users = '/api/v2/tenant/users'
  const idToken = { authorization: `Bearer ${String(signedIn.body.id_token)}` }
  const queries: Record<string, string> = {
    [`GET ${users}`]: '?offset=0&limit=10',
    'GET /api/v2/tenant/organizations': '?offset=0&limit=10',
    [`PUT ${users}/:user_id/rest-password`]: '?send_mode=EMAIL',
  }
  const requests: Record<string, CallOptions> = {
    'POST /api/v2/tenant/token': {
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    },
    [`GET ${users}`]: { headers: bearer },
    [`GET ${users}/:user_id`]: { headers: bearer },
    [`POST ${users}/user-by-username`]: {
      headers: { ...bearer, 'content-type': 'application/json' },
      body: JSON.stringify({ user_name: alice.userName }),
    },
    [`PUT ${users}/:user_id/enable`]: { headers: bearer },
    [`PUT ${users}/:user_id/disable`]: { headers: bearer },
    [`PUT ${users}/:user_id/rest-password`]: { headers: bearer },
    'POST /api/v2/sdk/login': {
      headers: device,
      body: JSON.stringify({ user_name: alice.userName, password: alice.password }),
    },
    'POST /api/v2/sdk/pwd/update': {
      headers: { ...device, 'x-state-token': 'no-such-token' },
      body: passwords,
    },
    'POST /api/v2/sdk/pwd/change': { headers: { ...device, ...idToken }, body: passwords },
    'GET /api/v2/sdk/pwd/skip-update': { headers: { ...device, 'x-state-token': 'no-such-token' } },
    'GET /api/v1/oauth2/keys': {},
    ...requestsOfOrganizations({ ...bearer, 'content-type': 'application/json' }),
  }
  return new Map(
    Object.entries(requests).map(([name, options]) => {
      const [method = '', path = ''] = name.split(' ')
      const query = queries[name] ?? ''
      const target = path.replace(':user_id', alice.id).replace(':org_id', 'no-such-organisation')
      return [name, [method, target + query, options]]
    }),
  )
}

/** Refused when the store works, because nobody has the code or the id: nothing changes. */
function requestsOfOrganizations(headers: Readonly<Record<string, string>>): Record<string, CallOptions> {
  const organizations = '/api/v2/tenant/organizations'
  const withoutParent = JSON.stringify({ code: 'new', name: 'New', parent_id: 'no-such-organisation' })
  return {
    [`GET ${organizations}`]: { headers },
    [`GET ${organizations}/:org_id`]: { headers },
    [`POST ${organizations}`]: { headers, body: withoutParent },
    [`PUT ${organizations}/:org_id`]: { headers, body: JSON.stringify({ name: 'Other' }) },
    [`DELETE ${organizations}/:org_id`]: { headers },
  }
}
