import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeEachDatabase, openTestDatabase, type TestDatabase } from '../../test/support/databases.ts'
import { startFaultySmtpServer } from '../../test/support/faulty-smtp-server.ts'
import { handOverFor, samplePassword } from '../../test/support/outgoing-message.ts'
import { seedGateway, seedTenant } from '../../test/support/seed-tenant.ts'
import { startSmsSink } from '../../test/support/sms-sink.ts'
import { startSmtpSink } from '../../test/support/smtp-sink.ts'
import { createTestClock, type TestClock } from '../../test/support/test-clock.ts'
import { Secret } from '../core/secret.ts'
import type { Tenant } from '../core/tenants/tenant.ts'
import { createSeal } from '../store/seal.ts'
import type { AttemptOutcome, HandOver } from './gateway.ts'
import { sealContext, sealSettings } from './gateway-kinds.ts'
import { createMailbox, type Mailbox } from './gateways/mailbox.ts'
import type { MessageSender, SendRequest } from './message-sender.ts'
import { createMessageSender } from './send-message.ts'

const seal = createSeal(Buffer.alloc(32, 7))
const quiet = { warn: () => undefined, error: () => undefined }

interface Recorded {
  readonly gateway: string
  readonly previous: AttemptOutcome | undefined
}

describeEachDatabase('sending a message', (kind) => {
  let database: TestDatabase
  let tenant: Tenant
  let clock: TestClock
  let sender: MessageSender
  const opened: { close(): Promise<void> }[] = []

  beforeEach(async () => {
    clock = createTestClock()
    database = await openTestDatabase(kind)
    tenant = await seedTenant(database.store)
    sender = senderWith(undefined)
  })

  const told: string[] = []

  afterEach(async () => {
    told.length = 0
    await sender.close()
    await Promise.all(opened.splice(0).map((one) => one.close()))
    await database.close()
  })

  function senderWith(mailbox: Mailbox | undefined): MessageSender {
    return createMessageSender({
      store: database.store,
      isSealed: seal.isSealed,
      openSecret: seal.open,
      clock,
      log: quiet,
      onAttempt: (outcome) => told.push(outcome),
      mailbox,
    })
  }

  function request(
    recorded: Recorded[],
    change: Partial<SendRequest> = {},
    handOver: HandOver | undefined = handOverFor(10_000, () => true, clock),
  ): SendRequest {
    return {
      tenantId: tenant.id,
      channel: 'EMAIL',
      event: 'reset-password',
      languages: ['en'],
      to: 'alice@acme.example',
      variables: {
        name: 'Alice',
        userName: 'alice',
        password: new Secret(samplePassword),
        issuedAt: Date.UTC(2025, 10, 22, 21, 7),
        expiresAt: Date.UTC(2025, 10, 23, 21, 7),
        timeZone: 'UTC',
        tenantName: 'Acme',
        reference: '20251122210700000-0A1B-2C3D4E5F6',
      },
      deadlineMonotonicMs: clock.monotonicMs() + 10_000,
      recordAttempt: async (gateway, previous) => {
        recorded.push({ gateway, previous })
        return handOver
      },
      ...change,
    }
  }

  async function smtpGateway(
    name: string,
    port: number,
    priority: number,
    settings: Record<string, unknown> = {},
  ) {
    await seedGateway(database.store, tenant, {
      name,
      channel: 'EMAIL',
      kind: 'smtp',
      priority,
      settings: { url: `smtp://127.0.0.1:${port}`, from: 'it@acme.example', timeout_ms: 5_000, ...settings },
    })
  }

  async function faulty(...p: Parameters<typeof startFaultySmtpServer>) {
    const server = await startFaultySmtpServer(...p)
    opened.push(server)
    return server
  }

  async function sink(...p: Parameters<typeof startSmtpSink>) {
    const server = await startSmtpSink(...p)
    opened.push(server)
    return server
  }

  it('leaves the second gateway its share of the time when the first one hangs', async () => {
    const hanging = await faulty({ fault: { at: 'greeting', kind: 'hang' } })
    const taking = await sink()
    await smtpGateway('first', hanging.port, 1, { timeout_ms: 60_000 })
    await smtpGateway('second', taking.port, 2)
    const deadlineMonotonicMs = clock.monotonicMs() + 2_400
    const sent = await sender.send(request([], { deadlineMonotonicMs }))
    expect(sent).toMatchObject({ kind: 'accepted', gateway: 'second' })
    expect(clock.monotonicMs()).toBeLessThan(deadlineMonotonicMs)
  })

  it('tries gateways by priority, and the next with the same secret after a refusal', async () => {
    const refusing = await faulty({ replies: { 'after-dot': `451 4.3.0 cannot take ${samplePassword} now` } })
    const taking = await sink()
    await smtpGateway('a-second', taking.port, 2)
    await smtpGateway('b-first', refusing.port, 1)
    const recorded: Recorded[] = []
    const outcome = await sender.send(request(recorded))
    expect(outcome).toMatchObject({ kind: 'accepted', gateway: 'a-second' })
    expect(refusing.bodies).toContain(samplePassword.slice(-4))
    expect((await taking.readLast()).text?.split('\n')).toContain(samplePassword)
    expect(told).toEqual(['refused-here', 'accepted'])
    expect(recorded).toEqual([
      { gateway: 'b-first', previous: undefined },
      {
        gateway: 'a-second',
        previous: {
          kind: 'refused-here',
          reason: 'gateway_refused',
          reply: '451 4.3.0 cannot take [secret] now',
        },
      },
    ])
  })

  it('stops at an unknown outcome: no other gateway gets the message', async () => {
    const lost = await faulty({ fault: { at: 'after-dot', kind: 'drop' } })
    const other = await sink()
    await smtpGateway('first', lost.port, 1)
    await smtpGateway('second', other.port, 2)
    expect(await sender.send(request([]))).toMatchObject({
      kind: 'unknown',
      reason: 'gateway_connection_lost',
      gateway: 'first',
    })
    expect(other.mails).toHaveLength(0)
  })

  it('stops at a refused recipient', async () => {
    const refusing = await faulty({ replies: { rcpt: '550 5.1.1 no such user' } })
    const other = await sink()
    await smtpGateway('first', refusing.port, 1)
    await smtpGateway('second', other.port, 2)
    expect(await sender.send(request([]))).toMatchObject({
      kind: 'refused',
      reason: 'recipient_refused',
      gateway: 'first',
      reply: '550 5.1.1 no such user',
    })
    expect(other.mails).toHaveLength(0)
  })

  it('tells the last refusal when all have refused', async () => {
    const first = await faulty({ replies: { greeting: '421 busy' } })
    const second = await faulty({ fault: { at: 'greeting', kind: 'drop' } })
    await smtpGateway('first', first.port, 1)
    await smtpGateway('second', second.port, 2)
    expect(await sender.send(request([]))).toMatchObject({
      kind: 'refused',
      reason: 'gateway_unreachable',
      gateway: 'second',
    })
  })

  it('contacts nobody when the attempt is not recorded', async () => {
    const server = await faulty()
    await smtpGateway('mail', server.port, 1)
    const stopped = request([], { recordAttempt: async () => undefined })
    expect(await sender.send(stopped)).toEqual({ kind: 'stopped' })
    const failing = request([], { recordAttempt: () => Promise.reject(new Error('database gone')) })
    await expect(sender.send(failing)).rejects.toThrow('database gone')
    expect(server.connections).toBe(0)
    expect(await sender.send(request([]))).toMatchObject({ kind: 'accepted' }) // both slots were given back
  })

  it('is busy when no slot comes free in time, and tries the next gateway meanwhile', async () => {
    let letGo: () => void = () => undefined
    const slow = await sink({ beforeAnswer: () => new Promise((resolve) => (letGo = resolve)) })
    const other = await sink()
    await smtpGateway('slow', slow.port, 1, { connections_max: 1, timeout_ms: 10_000 })
    const holding = sender.send(request([]))
    while (slow.mails.length === 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    const short = { deadlineMonotonicMs: clock.monotonicMs() + 1_100 }
    const recorded: Recorded[] = []
    expect(await sender.send(request(recorded, short))).toEqual({
      kind: 'refused',
      reason: 'gateway_busy',
      gateway: undefined,
      reply: '',
    })
    expect(recorded).toEqual([])

    await smtpGateway('spare', other.port, 2)
    clock.advance(5_001)
    const again = { deadlineMonotonicMs: clock.monotonicMs() + 2_000 }
    expect(await sender.send(request([], again))).toMatchObject({ kind: 'accepted', gateway: 'spare' })
    letGo()
    expect(await holding).toMatchObject({ kind: 'accepted', gateway: 'slow' })
  })

  it('starts no attempt with less than a second left', async () => {
    const server = await faulty()
    await smtpGateway('mail', server.port, 1)
    const recorded: Recorded[] = []
    const outcome = await sender.send(request(recorded, { deadlineMonotonicMs: clock.monotonicMs() + 900 }))
    expect(outcome).toMatchObject({ kind: 'refused', gateway: undefined })
    expect(recorded).toEqual([])
    expect(server.connections).toBe(0)
  })

  it('contacts nobody with a broken template', async () => {
    const server = await faulty()
    await smtpGateway('mail', server.port, 1)
    await database.store.transaction((repositories) =>
      repositories.templates.put({
        tenantId: tenant.id,
        event: 'reset-password',
        channel: 'EMAIL',
        language: 'en',
        subject: 'Hello',
        text: '{{ password | upcase }}',
        html: undefined,
      }),
    )
    const recorded: Recorded[] = []
    expect(await sender.send(request(recorded))).toMatchObject({
      kind: 'refused',
      reason: 'template_invalid',
    })
    expect(recorded).toEqual([])
    expect(server.connections).toBe(0)
  })

  it('opens sealed settings, and leaves out a gateway whose settings do not open', async () => {
    const server = await sink({ credentials: { user: 'bob', password: 's3cret' } })
    const settings = {
      url: `smtp://bob:s3cret@127.0.0.1:${server.port}`,
      from: 'it@acme.example',
      timeout_ms: 1_000,
    }
    const sealedFor = (name: string) =>
      sealSettings('smtp', settings, (text) => seal.seal(new Secret(text), sealContext(tenant.id, name)))
    const gateway = { channel: 'EMAIL', kind: 'smtp' } as const
    await seedGateway(database.store, tenant, {
      ...gateway,
      name: 'moved',
      priority: 1,
      settings: sealedFor('other'),
    })
    await seedGateway(database.store, tenant, {
      ...gateway,
      name: 'mail',
      priority: 2,
      settings: sealedFor('mail'),
    })
    expect(JSON.stringify(sealedFor('mail'))).not.toContain('s3cret')
    expect(await sender.send(request([]))).toMatchObject({ kind: 'accepted', gateway: 'mail' })
    expect(server.mails[0]?.user).toBe('bob')
  })

  it('keeps connections while a row stays, and follows a change within five seconds', async () => {
    const before = await faulty()
    const after = await faulty()
    await smtpGateway('mail', before.port, 1)
    await sender.send(request([]))
    await sender.send(request([]))
    clock.advance(5_001)
    await sender.send(request([]))
    expect(before.connections).toBe(1)

    await smtpGateway('mail', after.port, 1)
    clock.advance(5_001)
    expect(await sender.send(request([]))).toMatchObject({ kind: 'accepted' })
    expect(after.connections).toBe(1)
    while (before.openConnections > 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(before.commands.at(-1)).toBe('QUIT')
  })

  it('knows whether a tenant has an enabled gateway of a channel', async () => {
    expect(await sender.hasGateway(tenant.id, 'EMAIL')).toBe(false)
    await smtpGateway('mail', 2525, 1)
    clock.advance(5_001)
    expect(await sender.hasGateway(tenant.id, 'EMAIL')).toBe(true)
    expect(await sender.hasGateway(tenant.id, 'SMS')).toBe(false)
    const other = await seedTenant(database.store)
    expect(await sender.hasGateway(other.id, 'EMAIL')).toBe(false)
  })

  it('writes SMS to E.164 numbers in the language of the reader', async () => {
    const server = await startSmsSink()
    opened.push(server)
    await seedGateway(database.store, tenant, {
      name: 'sms',
      channel: 'SMS',
      kind: 'sms-http',
      settings: { url: server.url, body: '{"to":"{{ to }}","text":"{{ text }}"}' },
    })
    const toZh = { channel: 'SMS', to: '+86-13800000001', languages: ['zh', 'en'] } as const
    expect(await sender.send(request([], toZh))).toMatchObject({ kind: 'accepted', gateway: 'sms' })
    const body: unknown = JSON.parse(server.requests[0]?.body ?? '')
    expect(body).toMatchObject({
      to: '+8613800000001',
      text: expect.stringContaining(`】新密码：\n${samplePassword}\n`),
    })
  })

  it('delivers to the mailbox only where one was handed in', async () => {
    await seedGateway(database.store, tenant, {
      name: 'box',
      channel: 'EMAIL',
      kind: 'mailbox',
      settings: {},
    })
    expect(await sender.send(request([]))).toMatchObject({ kind: 'refused', reason: 'internal_error' })
    const mailbox = createMailbox({ messagesMax: 2 })
    const demo = senderWith(mailbox)
    for (let count = 0; count < 3; count += 1) {
      expect(await demo.send(request([]))).toMatchObject({ kind: 'accepted', gateway: 'box' })
    }
    expect(mailbox.list()).toHaveLength(2)
    expect(mailbox.list()[0]).toMatchObject({
      to: 'alice@acme.example',
      text: expect.stringContaining(samplePassword),
    })
    await demo.close()
  })
})
