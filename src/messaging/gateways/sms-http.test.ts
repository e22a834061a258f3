import { afterEach, describe, expect, it } from 'vitest'
import {
  handOverFor,
  outgoingMessage,
  samplePassword,
  sendOnce,
} from '../../../test/support/outgoing-message.ts'
import { type SmsSink, startSmsSink } from '../../../test/support/sms-sink.ts'
import { createTestAuthority } from '../../../test/support/test-certificates.ts'
import { systemClock } from '../../core/clock.ts'
import { Secret } from '../../core/secret.ts'
import { createSmsHttpGateway } from './sms-http.ts'

const opened: { close(): Promise<void> }[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

const text = `New password:\n${samplePassword}"\\&<王>`
const sms = () =>
  outgoingMessage({
    channel: 'SMS',
    to: '+8613800000001',
    subject: '',
    text: new Secret(text),
    html: undefined,
  })

async function sink(options: Parameters<typeof startSmsSink>[0] = {}): Promise<SmsSink> {
  const server = await startSmsSink(options)
  opened.push(server)
  return server
}

function gatewayTo(url: string, settings: Record<string, unknown> = {}) {
  const gateway = createSmsHttpGateway(
    {
      name: 'sms',
      channel: 'SMS',
      settings: { url, body: '{"to":"{{ to }}","text":"{{ text }}"}', timeout_ms: 5_000, ...settings },
    },
    { clock: systemClock },
  )
  opened.push(gateway)
  return gateway
}

describe('a request', () => {
  it('carries number and text as JSON, exactly', async () => {
    const server = await sink()
    expect(await sendOnce(gatewayTo(server.url), sms())).toMatchObject({ kind: 'accepted', reply: '200 {}' })
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/send' })
    expect(server.requests[0]?.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ to: '+8613800000001', text })
  })

  it('carries them as a form, with JSON inside where the vendor wants that', async () => {
    const server = await sink()
    const body = 'to={{ to }}&text={{ text }}&param={{ text | json }}'
    expect(await sendOnce(gatewayTo(server.url, { body }), sms())).toMatchObject({ kind: 'accepted' })
    const form = new URLSearchParams(server.requests[0]?.body)
    expect(Object.fromEntries(form)).toEqual({ to: '+8613800000001', text, param: JSON.stringify(text) })
    expect(server.requests[0]?.headers['content-type']).toContain('application/x-www-form-urlencoded')
  })

  it('carries them as XML and in the query', async () => {
    const server = await sink()
    const xml = { headers: { 'Content-Type': 'text/xml' }, body: '<sms to="{{ to }}">{{ text }}</sms>' }
    await sendOnce(gatewayTo(server.url, xml), sms())
    expect(server.requests[0]?.body).toContain('&quot;\\&amp;&lt;王&gt;</sms>')
    const query = { method: 'GET', body: undefined }
    await sendOnce(gatewayTo(`${server.url}?to={{ to }}&text={{ text }}`, query), sms())
    const { searchParams } = new URL(server.requests[1]?.path ?? '', 'http://localhost')
    expect(Object.fromEntries(searchParams)).toEqual({ to: '+8613800000001', text })
    expect(server.requests[1]).toMatchObject({ method: 'GET', body: '' })
  })

  it('gets no header from what stands in a name', async () => {
    const server = await sink()
    const message = sms()
    const headers = { 'X-Name': '{{ name }}', authorization: new Secret('Bearer abc') }
    await sendOnce(gatewayTo(server.url, { headers }), {
      ...message,
      variables: { ...message.variables, name: '王\r\nX-Evil: 1' },
    })
    expect(server.requests[0]?.headers).not.toHaveProperty('x-evil')
    expect(Buffer.from(String(server.requests[0]?.headers['x-name']), 'latin1').toString('utf8')).toBe(
      '王 X-Evil: 1',
    )
    expect(server.requests[0]?.headers.authorization).toBe('Bearer abc')
  })

  it('shares connections, as many as there are slots', async () => {
    const server = await sink()
    const gateway = gatewayTo(server.url, { connections_max: 2 })
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => sendOnce(gateway, sms())))
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(10).fill('accepted'))
    expect(server.connections).toBeLessThanOrEqual(2)
  })
})

describe('an answer', () => {
  const rules = {
    accept: { status: 200, json: 'result.code', equals: ['OK', 0] },
    refuse: { json: 'result.code', equals: 'BAD_NUMBER' },
  }
  it.each([
    [{}, 201, '', 'accepted', undefined],
    [{}, 302, '', 'refused-here', 'gateway_refused'],
    [{}, 400, 'no', 'refused-here', 'gateway_refused'],
    [{}, 401, 'no', 'refused-here', 'gateway_auth'],
    [{}, 429, 'slow down', 'refused-here', 'gateway_refused'],
    [{}, 500, 'oops', 'refused-here', 'gateway_refused'],
    [{}, 503, 'later', 'refused-here', 'gateway_refused'],
    [{}, 502, 'proxy', 'unknown', 'gateway_protocol'],
    [{}, 504, 'proxy', 'unknown', 'gateway_timeout'],
    [rules, 200, '{"result":{"code":"OK"}}', 'accepted', undefined],
    [rules, 200, '{"result":{"code":0}}', 'accepted', undefined],
    [rules, 201, '{"result":{"code":"OK"}}', 'refused-here', 'gateway_refused'],
    [rules, 200, '{"result":{"code":"NO_MONEY"}}', 'refused-here', 'gateway_refused'],
    [rules, 200, '{"result":{"code":"BAD_NUMBER"}}', 'refused-recipient', 'recipient_refused'],
    [rules, 400, '{"result":{"code":"BAD_NUMBER"}}', 'refused-recipient', 'recipient_refused'],
    [rules, 200, '{"result":{}}', 'unknown', 'gateway_protocol'],
    [rules, 200, '<html>OK</html>', 'unknown', 'gateway_protocol'],
    [{ accept: { text: 'queued' } }, 200, 'message queued', 'accepted', undefined],
    [{ accept: { text: 'queued' } }, 200, 'message lost', 'refused-here', 'gateway_refused'],
    [{ accept: { text: 'queued' } }, 200, 'x'.repeat(70_000), 'unknown', 'gateway_protocol'],
    [{}, 200, 'x'.repeat(70_000), 'accepted', undefined],
    [{ refuse: { status: [404, 422] } }, 422, '', 'refused-recipient', 'recipient_refused'],
    [{ accept: { status: '2xx, 409' } }, 409, '', 'accepted', undefined],
  ] as const)('under %j: %i %.40s means %s', async (settings, status, body, kind, reason) => {
    const server = await sink()
    server.answer = { status, body, headers: status === 302 ? { location: `${server.url}/again` } : {} }
    const outcome = await sendOnce(gatewayTo(server.url, { ...settings }), sms())
    expect(outcome.kind).toBe(kind)
    expect('reason' in outcome ? outcome.reason : undefined).toBe(reason)
    expect(server.requests).toHaveLength(1)
  })
})

describe('a failure', () => {
  it.each(['drop', 'reset'] as const)(
    'of the new connection (%s) has refused, or is unknown once the request left',
    async (kind) => {
      const server = await sink()
      server.fault = { at: 'connection', kind }
      const handOver = handOverFor(5_000)
      const outcome = await sendOnce(gatewayTo(server.url), sms(), handOver)
      expect(outcome.kind).toBe(handOver.asked === 0 ? 'refused-here' : 'unknown')
      expect(server.requests).toHaveLength(0)
    },
  )

  it.each([
    ['request', 'drop', 'gateway_connection_lost'],
    ['request', 'reset', 'gateway_connection_lost'],
    ['request', 'hang', 'gateway_timeout'],
    ['answer', 'drop', 'gateway_connection_lost'],
    ['answer', 'reset', 'gateway_connection_lost'],
    ['answer', 'hang', 'gateway_timeout'],
  ] as const)('after the %s (%s) leaves the outcome unknown: %s', async (at, kind, reason) => {
    const server = await sink()
    server.answer = { status: 200, body: '{"code":"OK"}' }
    server.fault = { at, kind }
    const settings = kind === 'hang' ? { timeout_ms: 400 } : {}
    expect(await sendOnce(gatewayTo(server.url, settings), sms())).toMatchObject({ kind: 'unknown', reason })
    expect(server.requests).toHaveLength(1)
  })

  it('to connect has refused', async () => {
    const server = await sink()
    await server.close()
    const handOver = handOverFor(5_000)
    expect(await sendOnce(gatewayTo(server.url), sms(), handOver)).toMatchObject({
      kind: 'refused-here',
      reason: 'gateway_unreachable',
    })
    expect(handOver.asked).toBe(0)
  })

  it('to prove the name or the authority of the server has refused', async () => {
    const authority = await createTestAuthority()
    const other = await authority.issue({ dns: ['sms.example'], ip: [] })
    const stranger = await sink({ certificate: await authority.issue() })
    const misnamed = await sink({ certificate: other })
    const refused = { kind: 'refused-here', reason: 'gateway_tls' }
    expect(await sendOnce(gatewayTo(stranger.url), sms())).toMatchObject(refused)
    expect(await sendOnce(gatewayTo(misnamed.url, { tls_ca: authority.cert }), sms())).toMatchObject(refused)
    expect(await sendOnce(gatewayTo(stranger.url, { tls_ca: authority.cert }), sms())).toMatchObject({
      kind: 'accepted',
    })
  })

  it('of an idle connection leads to a fresh one', async () => {
    const server = await sink()
    const gateway = gatewayTo(server.url)
    await sendOnce(gateway, sms())
    server.dropIdleConnections()
    while (server.openConnections > 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await sendOnce(gateway, sms())).toMatchObject({ kind: 'accepted' })
    expect(server.connections).toBe(2)
  })
})

describe('permission to hand over', () => {
  it('withheld or unreadable, sends no byte', async () => {
    const server = await sink()
    const gateway = gatewayTo(server.url)
    expect(
      await sendOnce(
        gateway,
        sms(),
        handOverFor(5_000, () => false),
      ),
    ).toMatchObject({
      kind: 'refused-here',
      reason: 'stopped',
    })
    const unreadable = handOverFor(5_000, () => Promise.reject(new Error('database gone')))
    expect(await sendOnce(gateway, sms(), unreadable)).toMatchObject({
      kind: 'refused-here',
      reason: 'store_unavailable',
    })
    expect(server.requests).toHaveLength(0)
  })

  it('given too late sends nothing', async () => {
    const server = await sink()
    let permit: (may: boolean) => void = () => undefined
    const late = handOverFor(100, () => new Promise<boolean>((resolve) => (permit = resolve)))
    expect(await sendOnce(gatewayTo(server.url), sms(), late)).toMatchObject({
      kind: 'refused-here',
      reason: 'gateway_timeout',
    })
    permit(true)
    expect(await sendOnce(gatewayTo(server.url), sms())).toMatchObject({ kind: 'accepted' })
    expect(server.requests).toHaveLength(1)
  })
})
