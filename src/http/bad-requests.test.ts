import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { type RawAnswer, sendRaw } from '../../test/support/raw-http.ts'
import { seedApplication, seedTenant, seedUser } from '../../test/support/seed-tenant.ts'
import { type StartedHttp, startHttp } from '../../test/support/start-http.ts'
import { createTestClock } from '../../test/support/test-clock.ts'
import { catalogue } from '../errors/catalogue.ts'

let database: TestDatabase
let server: StartedHttp
let bearer: string
let userId: string

beforeAll(async () => {
  const clock = createTestClock()
  database = await openTestDatabase('sqlite', { clock })
  const tenant = await seedTenant(database.store)
  const application = await seedApplication(database.store, tenant)
  userId = (await seedUser(database.store, tenant)).id
  const limits = { requestTimeoutMs: 500, headersTimeoutMs: 250, timeoutCheckIntervalMs: 50 }
  server = await startHttp({ store: database.store, clock, http: { limits } })
  const query = `grant_type=client_credentials&client_id=${application.clientId}&client_secret=${application.clientSecret}`
  const response = await fetch(`${server.url}/api/v2/tenant/token?${query}`, { method: 'POST' })
  const body = (await response.json()) as { access_token: string }
  bearer = body.access_token
})

afterAll(async () => {
  await server.close()
  await database.close()
})

interface RawRequest {
  readonly line: string
  readonly host?: string
  readonly headers?: readonly string[]
  readonly body?: string | Uint8Array
}

function send({ line, host = 'Host: localhost', headers = [], body = '' }: RawRequest): Promise<RawAnswer> {
  const bytes = Buffer.from(body)
  const length = bytes.length === 0 ? [] : [`Content-Length: ${bytes.length}`]
  const isFramed = headers.some((header) => /^(content-length|transfer-encoding)/i.test(header))
  const all = [host, `Authorization: Bearer ${bearer}`, ...headers, ...(isFramed ? [] : length)]
  const head = [line, ...all.filter((header) => header !== ''), '', ''].join('\r\n')
  return sendRaw(server.port, Buffer.concat([Buffer.from(head, 'latin1'), bytes]))
}

/** Of the catalogue, in JSON, with our headers, and nothing of a framework in it. */
function expectError(answer: RawAnswer, code: keyof typeof catalogue, detail?: string): void {
  expect(answer.body).toBe(JSON.stringify({ error_code: code, error_msg: catalogue[code].en }))
  expect(answer.status).toBe(catalogue[code].status)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/)
  expect(answer.headers['x-error-detail']).toBe(detail)
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
  expect(answer.headers).not.toHaveProperty('server')
  expect(answer.headers).not.toHaveProperty('x-powered-by')
}

const JSON_TYPE = 'Content-Type: application/json; charset=utf-8'
const get = (path: string) => `GET ${path} HTTP/1.1`
const enable = () => `PUT /api/v2/tenant/users/${userId}/enable HTTP/1.1`
const byName = 'POST /api/v2/tenant/users/user-by-username HTTP/1.1'

describe('a route without a body', () => {
  it.each([
    ['a JSON content type and nothing else, as the contract writes it', { headers: [JSON_TYPE] }],
    ['no content type', {}],
    ['a content length of 0', { headers: [JSON_TYPE, 'Content-Length: 0'] }],
    ['an empty chunked body', { headers: [JSON_TYPE, 'Transfer-Encoding: chunked'], body: '0\r\n\r\n' }],
    ['an empty body of any media type', { headers: ['Content-Type: ;;;'] }],
    ['{}', { headers: [JSON_TYPE], body: '{}' }],
    ['{} without a content type', { body: '{}' }],
    [
      'a JSON object that means nothing',
      { headers: ['Content-Type: application/json;charset=utf8'], body: '{"a":1}' },
    ],
  ])('takes %s', async (_what, request) => {
    const answer = await send({ line: enable(), ...request })
    expect(answer.status).toBe(200)
    expect(answer.body).toBe(JSON.stringify({ user_id: userId }))
  })

  it.each(['[]', 'null', '"x"', '1', 'x', '{"a":', ''.padStart(9)])('refuses the body %j', async (body) => {
    expectError(await send({ line: enable(), headers: [JSON_TYPE], body }), 'REQUEST.9001', 'body')
  })
})

describe('bodies', () => {
  it.each([
    ['cut off', '{"user_name":'],
    ['not UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['poisoned by __proto__', '{"user_name":"x","__proto__":{"a":1}}'],
    ['poisoned by an escaped __proto__', '{"user_name":"x","\\u005f_proto__":{"a":1}}'],
    ['poisoned by constructor.prototype', '{"user_name":"x","constructor":{"prototype":{}}}'],
    ['nested too deep to mean anything', '['.repeat(30_000)],
    ['an array', '[{"user_name":"x"}]'],
    ['null', 'null'],
  ])('that are %s are malformed', async (_what, body) => {
    expectError(await send({ line: byName, headers: [JSON_TYPE], body }), 'REQUEST.9001', 'body')
  })

  it.each([
    'Content-Type: text/plain',
    'Content-Type: application/x-www-form-urlencoded',
    'Content-Type: multipart/form-data; boundary=x',
    'Content-Type: application/json; charset=latin1',
    'Content-Type: nonsense',
    'Content-Type: application/json\r\nContent-Type: text/plain',
  ])('of another media type are refused: %s', async (header) => {
    expectError(await send({ line: byName, headers: [header], body: '{"user_name":"x"}' }), 'REQUEST.9005')
  })

  it.each(['gzip', 'br', 'deflate', 'identity, gzip'])('in the encoding %s are refused', async (encoding) => {
    const headers = [JSON_TYPE, `Content-Encoding: ${encoding}`]
    expectError(await send({ line: byName, headers, body: '{}' }), 'REQUEST.9005', 'content_encoding')
  })

  it('in the encoding identity are read', async () => {
    const headers = [JSON_TYPE, 'Content-Encoding: identity']
    expectError(await send({ line: byName, headers, body: '{"user_name":"x"}' }), 'USER.0001')
  })

  it.each([
    ['by their length', { headers: [JSON_TYPE, 'Content-Length: 9999999999'], body: 'x' }],
    ['by their bytes', { headers: [JSON_TYPE], body: 'x'.repeat(100_000) }],
    [
      'in chunks',
      {
        headers: [JSON_TYPE, 'Transfer-Encoding: chunked'],
        body: `11170\r\n${'x'.repeat(70_000)}\r\n0\r\n\r\n`,
      },
    ],
  ])('that are too large %s are refused', async (_how, request) => {
    expectError(await send({ line: byName, ...request }), 'REQUEST.9006')
  })

  it.each([
    ['with no name', '{}'],
    ['with nothing', ''],
    ['with a number for a name', '{"user_name":1}'],
    ['with null for a name', '{"user_name":null}'],
  ])('%s name the parameter that is missing or wrong', async (_what, body) => {
    const answer = await send({ line: byName, headers: [JSON_TYPE], body })
    expect(answer.status).toBe(400)
    expect(answer.headers['x-error-detail']).toBe('user_name')
    expect(answer.body).toBe(
      '{"error_code":"REQUEST.9002","error_msg":"Parameter user_name is missing or wrong"}',
    )
  })

  it('whose chunks are broken are malformed', async () => {
    const request = { headers: [JSON_TYPE, 'Transfer-Encoding: chunked'], body: 'zz\r\n' }
    expectError(await send({ line: byName, ...request }), 'REQUEST.9001', 'body')
  })
})

describe('paths', () => {
  it.each([
    '/',
    '/nope',
    '/health/live/',
    '/HEALTH/live',
    '/api/v2/tenant/users/u/enable/x',
    '//health/live',
  ])('that lead nowhere are 404: %s', async (path) => {
    expectError(await send({ line: get(path) }), 'REQUEST.9003')
  })

  it.each([
    '/api/v2/tenant/users/%FF',
    '/api/v2/tenant/users/%ZZ',
    '/api/v2/tenant/users/%',
    '/%C0%AE%C0%AE',
  ])('with escapes that are no UTF-8 are malformed: %s', async (path) => {
    expectError(await send({ line: get(path) }), 'REQUEST.9001', 'url')
  })

  it.each([
    ['a slash', 'a%2Fb'],
    ['dots', '%2E%2E%2Fusers'],
    ['a null character', 'a%00b'],
    ['a percent sign', '%25'],
    ['other scripts', '%E7%94%A8%E6%88%B7'],
    ['quotes', "'%20OR%20'1'='1"],
    ['15,000 characters', 'x'.repeat(15_000)],
    ['line ends', 'a%0D%0Ab'],
  ])('take ids with %s as they are: nobody has them', async (_what, id) => {
    expectError(await send({ line: get(`/api/v2/tenant/users/${id}`) }), 'USER.0001')
  })

  it('with a query whose escapes are no UTF-8 are malformed', async () => {
    const line = get('/api/v2/tenant/users?limit=10&offset=0&org_id=%FF')
    expectError(await send({ line }), 'REQUEST.9001', 'query')
  })

  it.each(['GET \\health HTTP/1.1', 'GET /a\0b HTTP/1.1', 'GET  HTTP/1.1'])(
    'that are none are malformed: %j',
    async (line) => {
      const answer = await send({ line })
      expect(answer.status).toBe(400)
      expect(answer.body).toContain('REQUEST.9001')
    },
  )

  it('are taken from an absolute request target, whose host counts', async () => {
    expect((await send({ line: get('http://localhost/health/live') })).status).toBe(200)
    expectError(await send({ line: get('http://a@b/health/live') }), 'REQUEST.9001', 'header')
  })

  it('longer than what fits the header limit are refused', async () => {
    expectError(await send({ line: get(`/${'x'.repeat(20_000)}`) }), 'REQUEST.9007')
  })
})

describe('methods', () => {
  it.each([
    ['DELETE', '/api/v2/tenant/token', 'POST'],
    ['GET', '/api/v2/tenant/token', 'POST'],
    ['HEAD', '/api/v2/tenant/token', 'POST'],
    ['OPTIONS', '/api/v2/tenant/token', 'POST'],
    ['POST', '/api/v2/tenant/users/u', 'DELETE, GET, HEAD, PUT'],
    ['PATCH', '/api/v2/tenant/users/a%2Fb', 'DELETE, GET, HEAD, PUT'],
    ['PROPFIND', '/api/v2/tenant/users/u/rest-password', 'PUT'],
    ['TRACE', '/health/live', 'GET, HEAD'],
    ['QUERY', '/health/live', 'GET, HEAD'],
  ])('%s of %s is 405 and says what the path takes', async (method, path, allowed) => {
    const answer = await send({ line: `${method} ${path} HTTP/1.1` })
    expect(answer.headers.allow).toBe(allowed)
    if (method === 'HEAD') expect([answer.status, answer.body]).toEqual([405, ''])
    else expectError(answer, 'REQUEST.9004')
  })

  it('are checked before the body', async () => {
    const answer = await send({
      line: 'PATCH /api/v2/tenant/token HTTP/1.1',
      headers: ['Content-Type: x/y'],
      body: 'x',
    })
    expectError(answer, 'REQUEST.9004')
  })

  it('that nobody knows are malformed', async () => {
    expectError(await send({ line: 'FOO /health/live HTTP/1.1' }), 'REQUEST.9001', 'header')
  })

  it('OPTIONS * and CONNECT lead nowhere', async () => {
    expectError(await send({ line: 'OPTIONS * HTTP/1.1' }), 'REQUEST.9003')
    expectError(await send({ line: 'CONNECT acme.example:443 HTTP/1.1' }), 'REQUEST.9004')
  })

  it('HEAD answers like GET, without the body', async () => {
    const answer = await send({ line: 'HEAD /health/live HTTP/1.1' })
    expect([answer.status, answer.body]).toEqual([200, ''])
  })
})

describe('headers', () => {
  it.each([
    ['no Host', ''],
    ['an empty Host', 'Host:'],
    ['two Hosts', 'Host: localhost\r\nHost: localhost'],
    ['a Host that is none', 'Host: a/b'],
    ['a broken header', 'Host: localhost\r\nX : y'],
    ['a folded header', 'Host: localhost\r\n folded'],
    ['a null character', 'Host: localhost\r\nX: a\0b'],
    ['two content lengths', 'Host: localhost\r\nContent-Length: 1\r\nContent-Length: 2'],
    ['a negative content length', 'Host: localhost\r\nContent-Length: -1'],
    ['both kinds of length', 'Host: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked'],
    ['an unknown transfer encoding', 'Host: localhost\r\nTransfer-Encoding: gzip'],
  ])('with %s are malformed', async (_what, host) => {
    expectError(await send({ line: 'PUT /health/live HTTP/1.1', host }), 'REQUEST.9001', 'header')
  })

  it('too large together are refused', async () => {
    const answer = await send({ line: get('/health/live'), headers: [`X-Large: ${'x'.repeat(20_000)}`] })
    expectError(answer, 'REQUEST.9007')
  })

  it('that expect anything but 100-continue cannot be met', async () => {
    expectError(await send({ line: enable(), headers: ['Expect: a-miracle'] }), 'REQUEST.9010', 'expect')
  })

  it('that ask for another protocol are ignored', async () => {
    const headers = ['Connection: Upgrade', 'Upgrade: websocket']
    expect((await send({ line: get('/health/live'), headers })).status).toBe(200)
  })

  it('choose the language: X-L before Accept-Language', async () => {
    const chinese = await send({ line: get('/nope'), headers: ['X-L: zh', 'Accept-Language: en'] })
    expect(chinese.body).toContain(catalogue['REQUEST.9003'].zh)
    const english = await send({ line: get('/nope'), headers: ['Accept-Language: fr, en;q=0.5, zh;q=0.1'] })
    expect(english.body).toContain(catalogue['REQUEST.9003'].en)
  })

  it('never set the request id, nor reach the answer', async () => {
    const answer = await send({ line: get('/nope'), headers: ['X-Request-Id: mine', 'Request-Id: mine'] })
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('bytes', () => {
  it.each([
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/3 on a wrong line', 'GET / HTTP/3.0\r\nHost: localhost\r\n\r\n'],
    ['SMTP', 'EHLO client.example\r\n\r\n'],
    ['nonsense', '\0\0\0\0\r\n\r\n'],
  ])('that are %s are malformed', async (_what, bytes) => {
    expectError(await sendRaw(server.port, Buffer.from(bytes, 'latin1')), 'REQUEST.9001', 'header')
  })

  it.each([
    ['headers', 'GET /health/live HTTP/1.1\r\nHost: loc'],
    ['a body', `PUT /health/live/ HTTP/1.1\r\nHost: localhost\r\n`],
  ])('that never become whole %s time out', async (_what, bytes) => {
    expectError(await sendRaw(server.port, bytes), 'REQUEST.9008')
  })

  it('of a body that stops half-way time out', async () => {
    const request = { line: byName, headers: [JSON_TYPE, 'Content-Length: 100'], body: '{"user' }
    expectError(await send(request), 'REQUEST.9008')
  })
})

describe('the order of checks', () => {
  const rest = () => `PUT /api/v2/tenant/users/${userId}/rest-password HTTP/1.1\r\nHost: localhost`

  it('is bearer first: nothing of the request counts before', async () => {
    const answer = await sendRaw(
      server.port,
      `${rest()}\r\nContent-Type: text/xml\r\nContent-Length: 3\r\n\r\n<a>`,
    )
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Bearer')
    expect(answer.body).toBe(
      '{"error":"invalid_token","error_description":"Full authentication is required to access this resource"}',
    )
  })

  it.each([
    ['Basic dXNlcjpwYXNz', 'Full authentication is required to access this resource'],
    ['Bearer', 'Full authentication is required to access this resource'],
    ['Bearer a b', 'Full authentication is required to access this resource'],
    ['Bearer unknown', 'Invalid access'],
    ['bearer ünknown', 'Invalid access'],
  ])('answers Authorization: %s with 401', async (authorization, text) => {
    const answer = await sendRaw(
      server.port,
      Buffer.from(`${rest()}\r\nAuthorization: ${authorization}\r\n\r\n`, 'latin1'),
    )
    expect(answer.status).toBe(401)
    expect(answer.body).toBe(JSON.stringify({ error: 'invalid_token', error_description: text }))
  })

  it('answers two Authorization headers with 401, whatever they hold', async () => {
    const header = `Authorization: Bearer ${bearer}`
    const answer = await sendRaw(server.port, `${rest()}\r\n${header}\r\n${header}\r\n\r\n`)
    expect(answer.status).toBe(401)
  })
})

it('logs every request once with its id, and neither queries nor tokens', async () => {
  const answer = await send({ line: get('/nope?secret=hunter-2') })
  const lines = server.logLines.filter((line) => line.includes(String(answer.headers['x-request-id'])))
  expect(lines).toHaveLength(1)
  expect(server.logLines.join('')).not.toContain('hunter-2')
  expect(server.logLines.join('')).not.toContain(bearer)
})
