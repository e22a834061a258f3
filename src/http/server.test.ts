import { afterEach, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { sendRaw } from '../../test/support/raw-http.ts'
import { seedTenant } from '../../test/support/seed-tenant.ts'
import { type StartedHttp, startHttp } from '../../test/support/start-http.ts'
import { createTestClock, type TestClock } from '../../test/support/test-clock.ts'
import { systemClock } from '../core/clock.ts'
import { StoreUnavailableError } from '../errors/store-error.ts'
import { createHealth } from '../observability/health.ts'
import type { HttpDeps } from './http-deps.ts'

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

interface Started {
  readonly clock: TestClock
  readonly database: TestDatabase
  readonly server: StartedHttp
}

async function start(http: Partial<HttpDeps> = {}): Promise<Started> {
  const clock = createTestClock()
  const database = await openTestDatabase('sqlite', { clock })
  stops.push(() => database.close())
  const server = await startHttp({ store: database.store, clock, http })
  stops.push(() => server.close())
  return { clock, database, server }
}

function get(server: StartedHttp, path: string, host: string, ...headers: string[]) {
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, ...headers, '', '']
  return sendRaw(server.port, lines.join('\r\n'))
}

const KEYS = '/api/v1/oauth2/keys'
const NO_TENANT = 'REQUEST.9009'

describe('tenants', () => {
  it('a lone one answers at any name on loopback; two answer at their own names only', async () => {
    const { clock, database, server } = await start()
    const first = await seedTenant(database.store)
    expect((await get(server, KEYS, 'whatever.example')).status).toBe(200)
    const second = await seedTenant(database.store)
    clock.advance(5_000)
    expect((await get(server, KEYS, 'whatever.example')).body).toContain(NO_TENANT)
    for (const { domains } of [first, second]) {
      expect((await get(server, KEYS, String(domains[0]).toUpperCase())).status).toBe(200)
      expect((await get(server, KEYS, `${domains[0]}.:8443`)).status).toBe(200)
    }
  })

  it('nobody answers before there is one', async () => {
    const { server } = await start()
    const answer = await get(server, KEYS, 'whatever.example')
    expect([answer.status, answer.body.includes(NO_TENANT)]).toEqual([404, true])
  })

  it('are not chosen by a forwarded host, and a client behind a proxy is not on loopback', async () => {
    const { database, server } = await start({ trustProxy: ['127.0.0.0/8'] })
    const { domains } = await seedTenant(database.store)
    const forwarded = [`X-Forwarded-Host: ${domains[0]}`, 'X-Forwarded-For: 192.0.2.1']
    expect((await get(server, KEYS, 'whatever.example', ...forwarded)).body).toContain(NO_TENANT)
    expect((await get(server, KEYS, String(domains[0]), ...forwarded)).status).toBe(200)
  })
})

describe('health', () => {
  it('live and ready say so at any host, without a tenant', async () => {
    const { server } = await start()
    expect((await get(server, '/health/live', 'x')).body).toBe('{"status":"live"}')
    const ready = await get(server, '/health/ready', 'x')
    expect([ready.status, ready.body]).toEqual([
      200,
      '{"status":"ready","checks":{"database":"ok","migrations":"ok","clock":"ok"}}',
    ])
  })

  it.each([
    [
      'the database',
      {
        measureClock: () => Promise.reject(new StoreUnavailableError('gone')),
        pendingMigrations: async () => [],
      },
      { database: 'failed', migrations: 'unknown', clock: 'unknown' },
    ],
    [
      'a migration',
      { measureClock: async () => ({ skewMs: 0 }), pendingMigrations: async () => ['0002'] },
      { database: 'ok', migrations: 'failed', clock: 'ok' },
    ],
    [
      'the clock, slow',
      { measureClock: async () => ({ skewMs: 2_001 }), pendingMigrations: async () => [] },
      { database: 'ok', migrations: 'ok', clock: 'failed' },
    ],
    [
      'the clock, fast',
      { measureClock: async () => ({ skewMs: -2_001 }), pendingMigrations: async () => [] },
      { database: 'ok', migrations: 'ok', clock: 'failed' },
    ],
  ])('ready names %s when it fails', async (_what, store, checks) => {
    const { server } = await start({ health: createHealth(store, systemClock) })
    const answer = await get(server, '/health/ready', 'x')
    expect(answer.status).toBe(503)
    expect(JSON.parse(answer.body)).toEqual({ status: 'not_ready', checks })
  })

  it('metrics count by the template of the path, never by ids', async () => {
    const { database, server } = await start()
    await seedTenant(database.store)
    await get(server, '/api/v2/tenant/users/some-user-id', 'x')
    await get(server, '/some-path', 'x')
    const { body } = await get(server, '/metrics', 'x')
    expect(body).toMatch(
      /rekey_http_requests_total\{method="GET",route="\/api\/v2\/tenant\/users\/:user_id",status="401"\} 1/,
    )
    expect(body).toMatch(/rekey_http_requests_total\{method="GET",route="none",status="404"\} 1/)
    expect(body).not.toMatch(/some-user-id|some-path/)
  })
})

describe('answers', () => {
  it('insist on https only to who came by it', async () => {
    const { server } = await start({ trustProxy: ['127.0.0.1'] })
    const plain = await get(server, '/health/live', 'x')
    expect(plain.headers).not.toHaveProperty('strict-transport-security')
    const secure = await get(server, '/health/live', 'x', 'X-Forwarded-Proto: https')
    expect(secure.headers['strict-transport-security']).toMatch(/^max-age=\d{7,}/)
  })

  it('are 503 with Retry-After while the store cannot be reached, and the cause stays in the log', async () => {
    const tenants = {
      byHost: () => Promise.reject(new StoreUnavailableError('connect ECONNREFUSED 10.0.0.9')),
    }
    const { server } = await start({ tenants })
    const answer = await get(server, KEYS, 'x')
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5'])
    expect(answer.body).toBe('{"error_code":"REQUEST.9012","error_msg":"The database cannot be reached"}')
    const logged = server.logLines.filter((line) => line.includes(String(answer.headers['x-request-id'])))
    expect(logged.join('')).toContain('10.0.0.9')
  })

  it('are 500 without a word about the cause when something else breaks', async () => {
    const { server } = await start({
      tenants: { byHost: () => Promise.reject(new TypeError('x is undefined')) },
    })
    const answer = await get(server, KEYS, 'x')
    expect([answer.status, answer.body]).toEqual([
      500,
      '{"error_code":"REQUEST.9013","error_msg":"Something is wrong in the server"}',
    ])
    expect(server.logLines.join('')).toContain('x is undefined')
  })

  it('come from extra pages too, without a tenant, and their errors are JSON of the catalogue', async () => {
    const { server } = await start({
      extraRoutes: (fastify) => {
        fastify.get('/demo/mailbox', async (_request, reply) => reply.type('text/html').send('<p>Hello'))
        fastify.get('/demo/broken', async () => {
          throw new Error('broken')
        })
      },
    })
    expect((await get(server, '/demo/mailbox', 'x')).body).toBe('<p>Hello')
    expect((await get(server, '/demo/broken', 'x')).body).toContain('REQUEST.9013')
  })
})

it('finishes what is in flight when it stops, and then closes the connection', async () => {
  let release: (() => void) | undefined
  const waiting = new Promise<void>((resolve) => {
    release = resolve
  })
  let isReached: (() => void) | undefined
  const reached = new Promise<void>((resolve) => {
    isReached = resolve
  })
  const { server } = await start({
    extraRoutes: (fastify) => {
      fastify.get('/slow', async () => {
        isReached?.()
        await waiting
        return 'done'
      })
    },
  })
  const answer = get(server, '/slow', 'x')
  await reached
  const closed = server.close()
  release?.()
  expect((await answer).body).toBe('done')
  await closed
  await expect(get(server, '/health/live', 'x')).rejects.toThrow()
})
