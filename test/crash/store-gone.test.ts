import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routeTable } from '../../src/http/route-table.ts'
import { operations } from '../api/document.ts'
import { buildRequest, exampleValues } from '../api/example-request.ts'
import { seedSampleCompany } from '../api/sample-company.ts'
import { type ReceivedAnswer, type SentRequest, send as sendTo } from '../api/send.ts'
import { testDatabases } from '../support/databases.ts'
import { expectMustChange } from '../support/passwords.ts'
import { readMailedPasswords } from '../support/start-app.ts'
import { type AppBehindProxy, startBehindProxy } from './start-behind-proxy.ts'

/** No caller waits longer for a 503. */
const ANSWER_MS_MAX = 8_000
/** Beyond the age of everything that is remembered from the store. */
const FORGOTTEN_AFTER_MS = 6_000

/**
 * What is remembered, computed or the same for everybody is answered without asking the store, while it is young. So is a
 * wish for a code without a captcha, which no example can hold: each is good once.
 */
const ANSWERED_FROM_MEMORY = /oauth2\/keys|public-key|server-date|country-codes|captcha$|\/(sms|email)\/send$/

interface Requests {
  readonly host: string
  readonly requests: ReadonlyMap<string, SentRequest>
}

describe.runIf(testDatabases.includes('postgres'))('a database that is gone when a request comes', () => {
  let app: AppBehindProxy
  let host: string
  let requests: Requests['requests']
  beforeAll(async () => {
    app = await startBehindProxy()
    ;({ host, requests } = await requestsOfEveryOperation(app))
  })
  afterAll(() => app.close())

  it('is asked of by every route of the server, aliases included', () => {
    const paths = routeTable
      .filter(({ permission }) => permission !== 'server')
      .flatMap(({ path, aliases = [] }) => [path, ...aliases])
    expect(requests.size).toBe(paths.length)
  })

  it('is answered 503 by every endpoint in time, and all work again when it is back', async () => {
    for (const [name, request] of requests) {
      expect((await send(request)).status, name).not.toBe(503)
    }
    app.proxy.cut()
    for (const [name, request] of requests) {
      if (!ANSWERED_FROM_MEMORY.test(request.target)) {
        expectUnavailable(name, await send(request))
      }
    }
    app.clock.advance(FORGOTTEN_AFTER_MS)
    for (const [name, request] of requests) {
      expectUnavailable(name, await send(request))
    }
    expectUnavailable(
      'no route',
      await send({ method: 'GET', target: '/api/v2/tenant/nothing', headers: { host } }),
    )
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
      // more than there are lines, and as many as the agent of these tests sends at once
      [...requests].slice(0, 16).map(async ([name, request]) => [name, await send(request)] as const),
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

  async function send(request: SentRequest): Promise<ReceivedAnswer> {
    const startedMs = performance.now()
    const answer = await sendTo(Number(new URL(app.url).port), request)
    expect(performance.now() - startedMs, request.target).toBeLessThan(ANSWER_MS_MAX)
    return answer
  }

  async function expectHealth(status: number, body: Record<string, unknown>): Promise<void> {
    const live = await app.client.call('GET', '/health/live')
    expect(live.status).toBe(200)
    const ready = await app.client.call('GET', '/health/ready')
    expect(ready.status).toBe(status)
    expect(ready.body).toMatchObject(body)
  }
})

function expectUnavailable(name: string, { status, headers, text }: ReceivedAnswer): void {
  expect(status, name).toBe(503)
  expect(headers['content-type'], name).toBe('application/json; charset=utf-8')
  expect(JSON.parse(text), name).toMatchObject({ error_code: 'REQUEST.9012' })
  expect(Number(headers['retry-after']), name).toBeGreaterThan(0)
}

/**
 * The example of each operation in the API description. Some change what others need, and are refused when they come
 * again: none without asking the store.
 */
async function requestsOfEveryOperation(app: AppBehindProxy): Promise<Requests> {
  const company = await seedSampleCompany(app)
  app.clock.advance(FORGOTTEN_AFTER_MS) // a server knows its tenants for some seconds
  const requests = new Map<string, SentRequest>()
  for (const operation of operations.filter(({ template }) => template.startsWith('/api/'))) {
    const headers = { host: company.host, ...(await company.authorise(operation)) }
    requests.set(operation.id, buildRequest(operation, exampleValues(operation), headers))
  }
  return { host: company.host, requests }
}
