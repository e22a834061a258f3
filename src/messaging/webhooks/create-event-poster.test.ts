import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type SmsSink, startSmsSink } from '../../../test/support/sms-sink.ts'
import { createTestAuthority } from '../../../test/support/test-certificates.ts'
import { newWebhookSecret, verifyEvent } from '../../../test/support/webhook-fixture.ts'
import { systemClock } from '../../core/clock.ts'
import { Secret } from '../../core/secret.ts'
import { createEventPoster } from './create-event-poster.ts'

const secret = newWebhookSecret()
let receiver: SmsSink
let secure: SmsSink
beforeAll(async () => {
  const authority = await createTestAuthority()
  receiver = await startSmsSink()
  secure = await startSmsSink({ certificate: await authority.issue() })
})
afterAll(() => Promise.all([receiver.close(), secure.close()]))
beforeEach(() => {
  receiver.answer = { status: 200, body: '{}' }
  receiver.fault = undefined
  receiver.beforeAnswer = undefined
})

async function post(url: string, privateHosts = ['127.0.0.1'], timeoutMs = 2_000, signal?: AbortSignal) {
  const send = createEventPoster({ clock: systemClock, privateHosts })
  const event = { url, id: 'event-1', payload: '{"type":"user.created"}', timeoutMs }
  return await send({ ...event, secrets: [new Secret(secret)], ...(signal === undefined ? {} : { signal }) })
}

it('posts the payload as it is signed', async () => {
  expect(await post(receiver.url)).toEqual({ kind: 'delivered', status: 200 })
  const request = receiver.requests.at(-1)
  if (request === undefined) throw new Error('nothing was received')
  expect([request.method, request.headers['content-type'], request.body]).toEqual([
    'POST',
    'application/json',
    '{"type":"user.created"}',
  ])
  expect(verifyEvent(request, secret).id).toBe('event-1')
})

it.each(['localhost', '127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0'])(
  'never connects to %s unless the operator named it',
  async (host) => {
    const before = [secure.connections, receiver.connections]
    const outcomes = [
      await post(`https://${host}:${secure.port}/`, []),
      await post(`http://${host}:${receiver.port}/`, []),
    ]
    expect(outcomes).toMatchObject([
      { kind: 'failed', reason: 'private_address' },
      { kind: 'failed', reason: 'http_not_allowed' },
    ])
    expect([secure.connections, receiver.connections]).toEqual(before)
  },
)

it('connects by a name that the operator named, wherever it leads', async () => {
  expect(await post(`http://localhost:${receiver.port}/`, ['localhost'])).toMatchObject({ kind: 'delivered' })
})

it.each([
  [{ status: 204 }, { kind: 'delivered', status: 204 }],
  [
    { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
    { reason: 'redirect', status: 302 },
  ],
  [
    { status: 400, body: 'no' },
    { reason: 'status', status: 400 },
  ],
  [{ status: 410 }, { reason: 'gone', status: 410 }],
  [
    { status: 429, headers: { 'retry-after': '7' } },
    { reason: 'status', retryAfterMs: 7_000 },
  ],
  [
    { status: 503, headers: { 'retry-after': 'soon' } },
    { reason: 'status', status: 503 },
  ],
])('understands the answer %j', async (answer, expected) => {
  receiver.answer = answer
  const before = receiver.requests.length
  expect(await post(receiver.url)).toMatchObject(expected)
  expect(receiver.requests).toHaveLength(before + 1)
})

it('reads Retry-After as a date', async () => {
  receiver.answer = { status: 503, headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() } }
  const outcome = await post(receiver.url)
  const wait = outcome.kind === 'failed' ? (outcome.retryAfterMs ?? 0) : 0
  expect(wait).toBeGreaterThan(50_000)
  expect(wait).toBeLessThanOrEqual(60_000)
})

it.each([
  ['connection', 'reset', 'unreachable|connection_lost'],
  ['request', 'drop', 'connection_lost'],
  ['request', 'reset', 'connection_lost'],
  ['request', 'hang', 'timeout'],
] as const)('tells what went wrong: %s, %s', async (at, kind, reason) => {
  receiver.fault = { at, kind }
  const outcome = await post(receiver.url, undefined, 500)
  expect(outcome.kind === 'failed' && outcome.reason).toMatch(new RegExp(`^(${reason})$`))
})

it('takes the status for the answer, however the body ends', async () => {
  receiver.answer = { status: 200, body: 'a body' }
  for (const kind of ['hang', 'reset'] as const) {
    receiver.fault = { at: 'answer', kind }
    expect(await post(receiver.url, undefined, 500)).toEqual({ kind: 'delivered', status: 200 })
  }
})

it('reads no endless body', async () => {
  let written = 0
  const server: Server = createServer((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536
    }
    response.on('drain', more)
    more()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'delivered', status: 200 })
  expect(written).toBeLessThan(16 * 1_024 * 1_024)
  await new Promise((resolve) => server.close(resolve))
})

it('trusts no certificate of an unknown authority', async () => {
  const before = secure.requests.length
  expect(await post(secure.url)).toMatchObject({ kind: 'failed', reason: 'tls' })
  expect(secure.requests).toHaveLength(before)
})

it('says that nobody listens, and that there is no such host', async () => {
  expect(await post('http://127.0.0.1:1/')).toMatchObject({ reason: 'unreachable' })
  expect(await post('https://nobody.invalid/')).toMatchObject({ reason: 'unknown_host' })
})

it('ends at once when the process stops', async () => {
  receiver.fault = { at: 'request', kind: 'hang' }
  const stopping = new AbortController()
  const posting = post(receiver.url, undefined, 20_000, stopping.signal)
  stopping.abort()
  expect(await posting).toEqual({ kind: 'failed', reason: 'stopped' })
})
