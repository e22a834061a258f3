import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type SmtpFault,
  type SmtpScript,
  type SmtpStage,
  smtpFaults,
  smtpStages,
  startFaultySmtpServer,
} from '../../../test/support/faulty-smtp-server.ts'
import {
  handOverFor,
  outgoingMessage,
  samplePassword,
  sendOnce,
} from '../../../test/support/outgoing-message.ts'
import {
  createTestAuthority,
  type TestAuthority,
  type TestCertificate,
} from '../../../test/support/test-certificates.ts'
import { systemClock } from '../../core/clock.ts'
import type { AttemptOutcome, Gateway } from '../gateway.ts'
import { createSmtpGateway } from './smtp.ts'

let authority: TestAuthority
let certificate: TestCertificate
const opened: { close(): Promise<void> }[] = []

beforeAll(async () => {
  authority = await createTestAuthority()
  certificate = await authority.issue()
})

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

/** A server that offers everything, and a gateway that uses everything. */
async function open(script: SmtpScript, settings: Record<string, unknown> = {}) {
  const server = await startFaultySmtpServer({
    certificate,
    extensions: ['AUTH PLAIN', 'SIZE', 'DSN'],
    ...script,
  })
  const gateway = createSmtpGateway(
    {
      name: 'mail',
      channel: 'EMAIL',
      settings: {
        url: `smtp+starttls://bob:tell-nobody@localhost:${server.port}`,
        from: 'IT <it@acme.example>',
        // long where nothing waits for it, so that a busy machine decides no test
        timeout_ms: script.fault?.kind === 'hang' ? 600 : 5_000,
        tls_ca: authority.cert,
        ...settings,
      },
    },
    { clock: systemClock },
  )
  opened.push(gateway, server)
  return { server, gateway }
}

const beforeHandOver = smtpStages.filter((stage) => stage !== 'mid-body' && stage !== 'after-dot')
const lossReasons: Record<SmtpStage, string> = {
  greeting: 'gateway_unreachable',
  ehlo: 'gateway_connection_lost',
  starttls: 'gateway_connection_lost',
  handshake: 'gateway_tls',
  auth: 'gateway_connection_lost',
  mail: 'gateway_connection_lost',
  rcpt: 'gateway_connection_lost',
  data: 'gateway_connection_lost',
  'mid-body': 'gateway_connection_lost',
  'after-dot': 'gateway_connection_lost',
}

function reasonFor(stage: SmtpStage, fault: SmtpFault): string {
  return fault === 'hang' ? 'gateway_timeout' : lossReasons[stage]
}

describe('an SMTP server that fails', () => {
  const faults = (stages: readonly SmtpStage[]) =>
    stages.flatMap((at) => smtpFaults.map((kind) => ({ at, kind, reason: reasonFor(at, kind) })))

  it.each(faults(beforeHandOver))(
    'at $at ($kind) has refused: $reason, and got no byte of the body',
    async (p) => {
      const { server, gateway } = await open({ fault: p })
      const handOver = handOverFor(5_000)
      const outcome = await sendOnce(gateway, outgoingMessage(), handOver)
      expect(server.fired).toEqual([p.at])
      expect(outcome).toMatchObject({ kind: 'refused-here', reason: p.reason })
      expect(handOver.asked).toBe(0)
      expect(server.bodies).toBe('')
      expect(server.connections).toBe(1)
    },
  )

  it.each(faults(['mid-body', 'after-dot']))(
    'at $at ($kind) leaves the outcome unknown: $reason',
    async (p) => {
      const { server, gateway } = await open({ fault: p })
      const outcome = await sendOnce(gateway)
      expect(server.fired).toEqual([p.at])
      expect(outcome).toMatchObject({ kind: 'unknown', reason: p.reason })
      expect(server.connections).toBe(1)
    },
  )

  it.each(smtpFaults)('at RCPT with a pipelined envelope (%s) has refused', async (kind) => {
    const { server, gateway } = await open({
      fault: { at: 'rcpt', kind },
      extensions: ['AUTH PLAIN', 'PIPELINING'],
    })
    expect(await sendOnce(gateway)).toMatchObject({ kind: 'refused-here', reason: reasonFor('rcpt', kind) })
    expect(server.bodies).toBe('')
  })

  it('is unreachable when nobody listens', async () => {
    const { server, gateway } = await open({})
    await server.close()
    expect(await sendOnce(gateway)).toMatchObject({ kind: 'refused-here', reason: 'gateway_unreachable' })
  })

  it('is unreachable when its name does not exist', async () => {
    const { gateway } = await open({}, { url: 'smtp://nowhere.invalid:25' })
    const outcome = await sendOnce(gateway)
    expect(outcome.kind).toBe('refused-here')
    expect(['gateway_unreachable', 'gateway_timeout']).toContain('reason' in outcome ? outcome.reason : '')
  })
})

describe('an SMTP server that answers', () => {
  const cases: readonly (readonly [SmtpStage, string, AttemptOutcome['kind'], string])[] = [
    ['greeting', '421 4.3.2 too busy', 'refused-here', 'gateway_refused'],
    ['greeting', '554 5.7.1 not you', 'refused-here', 'gateway_refused'],
    ['greeting', 'HTTP/1.1 400 Bad Request', 'refused-here', 'gateway_protocol'],
    ['ehlo', '421 closing', 'refused-here', 'gateway_refused'],
    ['ehlo', '550 5.7.1 not you', 'refused-here', 'gateway_refused'],
    ['starttls', '454 4.7.0 not now', 'refused-here', 'gateway_tls'],
    ['starttls', '502 5.5.1 not here', 'refused-here', 'gateway_tls'],
    ['auth', '454 4.7.0 not now', 'refused-here', 'gateway_auth'],
    ['auth', '535 5.7.8 wrong', 'refused-here', 'gateway_auth'],
    ['mail', '421 4.3.2 closing', 'refused-here', 'gateway_refused'],
    ['mail', '451 4.3.0 later', 'refused-here', 'gateway_refused'],
    ['mail', '550 5.7.1 sender not yours', 'refused-here', 'gateway_refused'],
    ['rcpt', '421 4.3.2 closing', 'refused-here', 'gateway_refused'],
    ['rcpt', '450 4.2.1 greylisted', 'refused-here', 'gateway_refused'],
    ['rcpt', '550 5.1.1 no such user', 'refused-recipient', 'recipient_refused'],
    ['rcpt', '550 no such user', 'refused-recipient', 'recipient_refused'],
    ['rcpt', '551 moved', 'refused-recipient', 'recipient_refused'],
    ['rcpt', '552 5.2.2 mailbox full', 'refused-recipient', 'recipient_refused'],
    ['rcpt', '553 bad mailbox name', 'refused-recipient', 'recipient_refused'],
    ['rcpt', '550 5.7.1 relaying denied', 'refused-here', 'gateway_refused'],
    ['rcpt', '554 relay access denied', 'refused-here', 'gateway_refused'],
    ['rcpt', '530 5.7.0 sign in first', 'refused-here', 'gateway_refused'],
    ['data', '421 4.3.2 closing', 'refused-here', 'gateway_refused'],
    ['data', '451 4.3.0 later', 'refused-here', 'gateway_refused'],
    ['data', '554 5.5.1 no', 'refused-here', 'gateway_refused'],
    ['data', '250 what', 'refused-here', 'gateway_protocol'],
    ['mid-body', '552 5.3.4 too big', 'refused-here', 'gateway_refused'],
    ['after-dot', '421 4.3.2 closing', 'refused-here', 'gateway_refused'],
    ['after-dot', '451 4.3.0 disk full', 'refused-here', 'gateway_refused'],
    ['after-dot', '550 5.7.1 looks like spam', 'refused-recipient', 'message_refused'],
    ['after-dot', '552 too big', 'refused-recipient', 'message_refused'],
    ['after-dot', '554 5.6.0 content refused', 'refused-recipient', 'message_refused'],
    ['after-dot', '554 transaction failed', 'refused-recipient', 'message_refused'],
    ['after-dot', '550 5.3.0 broken', 'refused-here', 'gateway_refused'],
    ['after-dot', '354 what', 'unknown', 'gateway_protocol'],
    ['after-dot', 'what', 'unknown', 'gateway_protocol'],
  ]

  it.each(cases)('at %s with "%s" means %s (%s)', async (stage, reply, kind, reason) => {
    const { server, gateway } = await open({ replies: { [stage]: reply } })
    const outcome = await sendOnce(gateway)
    expect(server.fired).toContain(stage)
    expect(outcome).toMatchObject({ kind, reason })
    const isBodyLate = stage === 'mid-body' || stage === 'after-dot'
    expect(server.bodies === '').toBe(!isBodyLate)
  })

  it.each([
    ['550 5.1.1 no such user', 'refused-recipient', 'recipient_refused'],
    ['450 4.2.1 greylisted', 'refused-here', 'gateway_refused'],
  ])('at a pipelined RCPT with "%s" means %s, and no body is sent to nobody', async (reply, kind, reason) => {
    const { server, gateway } = await open({
      replies: { rcpt: reply },
      extensions: ['AUTH PLAIN', 'PIPELINING'],
    })
    expect(await sendOnce(gateway)).toMatchObject({ kind, reason })
    expect(server.bodies).not.toContain('Subject')
  })

  it('is never believed to have taken a message that was not sent', async () => {
    const { server, gateway } = await open({ replies: { data: '354 go on\r\n250 2.0.0 taken' } })
    const handOver = handOverFor(5_000, async () => {
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
      return true
    })
    expect(await sendOnce(gateway, outgoingMessage(), handOver)).toMatchObject({
      kind: 'refused-here',
      reason: 'gateway_protocol',
    })
    expect(server.bodies).toBe('')
  })

  it('is quoted in the outcome, without the gateway’s own password', async () => {
    const { gateway } = await open({ replies: { auth: '535 5.7.8 tell-nobody is wrong' } })
    expect(await sendOnce(gateway)).toMatchObject({ reply: '535 5.7.8 [secret] is wrong' })
  })
})

describe('permission to hand over', () => {
  it('is asked once, after 354 and before the body', async () => {
    const { server, gateway } = await open({})
    const seen: string[] = []
    const handOver = handOverFor(5_000, () => {
      seen.push(server.commands.at(-1) ?? '', server.bodies)
      return true
    })
    expect(await sendOnce(gateway, outgoingMessage(), handOver)).toMatchObject({ kind: 'accepted' })
    expect(handOver.asked).toBe(1)
    expect(seen).toEqual(['DATA', ''])
  })

  it('withheld, sends no byte of the body and closes the connection', async () => {
    const { server, gateway } = await open({})
    const outcome = await sendOnce(
      gateway,
      outgoingMessage(),
      handOverFor(5_000, () => false),
    )
    expect(outcome).toMatchObject({ kind: 'refused-here', reason: 'stopped' })
    await waitUntil(() => server.openConnections === 0)
    expect(server.bodies).toBe('')
    expect(server.commands.at(-1)).toBe('DATA')
  })

  it('that cannot be read is no permission', async () => {
    const { server, gateway } = await open({})
    const handOver = handOverFor(5_000, () => Promise.reject(new Error('database gone')))
    expect(await sendOnce(gateway, outgoingMessage(), handOver)).toMatchObject({
      kind: 'refused-here',
      reason: 'store_unavailable',
    })
    await waitUntil(() => server.openConnections === 0)
    expect(server.bodies).toBe('')
  })

  it('given too late sends nothing', async () => {
    const { server, gateway } = await open({}, { timeout_ms: 200 })
    let permit: (may: boolean) => void = () => undefined
    const handOver = handOverFor(5_000, () => new Promise<boolean>((resolve) => (permit = resolve)))
    expect(await sendOnce(gateway, outgoingMessage(), handOver)).toMatchObject({
      kind: 'refused-here',
      reason: 'gateway_timeout',
    })
    permit(true)
    await waitUntil(() => server.openConnections === 0)
    expect(server.bodies).toBe('')
  })
})

describe('time', () => {
  it('ends an attempt at the deadline of the call, though the gateway may take longer', async () => {
    const { gateway } = await open({ fault: { at: 'ehlo', kind: 'hang' } }, { timeout_ms: 60_000 })
    const startedAt = performance.now()
    const outcome = await sendOnce(gateway, outgoingMessage(), handOverFor(150))
    expect(outcome).toMatchObject({ kind: 'refused-here', reason: 'gateway_timeout' })
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  it('that is over before the attempt sends nothing', async () => {
    const { server, gateway } = await open({})
    const outcome = await sendOnce(gateway, outgoingMessage(), handOverFor(0))
    expect(outcome).toMatchObject({ kind: 'refused-here', reason: 'gateway_timeout' })
    expect(server.bodies).toBe('')
  })

  it.each([
    ['greeting', { greeting_timeout_ms: 100 }],
    ['mail', { socket_timeout_ms: 100 }],
    ['handshake', { connect_timeout_ms: 100 }],
  ] as const)('has a bound of its own at %s', async (at, settings) => {
    const { gateway } = await open({ fault: { at, kind: 'hang' } }, { timeout_ms: 60_000, ...settings })
    expect(await sendOnce(gateway, outgoingMessage(), handOverFor(30_000))).toMatchObject({
      kind: 'refused-here',
      reason: 'gateway_timeout',
    })
  })
})

describe('idle connections', () => {
  it('carry the next message, signed in already', async () => {
    const { server, gateway } = await open({})
    for (let count = 0; count < 3; count += 1) {
      expect(await sendOnce(gateway)).toMatchObject({ kind: 'accepted' })
    }
    expect(server.connections).toBe(1)
    expect(server.commands.filter((line) => line.startsWith('AUTH'))).toHaveLength(1)
  })

  it.each(['drop', 'reset'] as const)(
    'that turn out dead at MAIL (%s) are replaced once, by a fresh one',
    async (kind) => {
      const { server, gateway } = await open({})
      await sendOnce(gateway)
      const handOver = handOverFor(5_000)
      server.script = { ...server.script, fault: { at: 'mail', kind } }
      const sending = sendOnce(gateway, outgoingMessage(), handOver)
      await waitUntil(() => server.fired.includes('mail'))
      server.script = { certificate, extensions: ['AUTH PLAIN'] }
      expect(await sending).toMatchObject({ kind: 'accepted' })
      expect(server.connections).toBe(2)
      expect(handOver.asked).toBe(1)
    },
  )

  it('that say goodbye to MAIL (421) are replaced too', async () => {
    const { server, gateway } = await open({})
    await sendOnce(gateway)
    server.script = { ...server.script, replies: { mail: '421 4.4.2 idle too long' } }
    const sending = sendOnce(gateway)
    await waitUntil(() => server.fired.includes('mail'))
    server.script = { certificate, extensions: ['AUTH PLAIN'] }
    expect(await sending).toMatchObject({ kind: 'accepted' })
    expect(server.connections).toBe(2)
  })

  it('are not replaced for a message that was handed over', async () => {
    const { server, gateway } = await open({})
    await sendOnce(gateway)
    server.script = { ...server.script, fault: { at: 'after-dot', kind: 'drop' } }
    expect(await sendOnce(gateway)).toMatchObject({ kind: 'unknown' })
    expect(server.connections).toBe(1)
  })

  it('are not kept after a refusal', async () => {
    const { server, gateway } = await open({ replies: { rcpt: '550 5.1.1 no such user' } })
    await sendOnce(gateway)
    await waitUntil(() => server.openConnections === 0)
    server.script = { certificate, extensions: ['AUTH PLAIN'] }
    expect(await sendOnce(gateway)).toMatchObject({ kind: 'accepted' })
  })

  it('end with the gateway', async () => {
    const { server, gateway } = await open({})
    await sendOnce(gateway)
    expect(server.openConnections).toBe(1)
    await gateway.close()
    await waitUntil(() => server.openConnections === 0)
    expect(server.commands.at(-1)).toBe('QUIT')
  })
})

describe('slots', () => {
  it('are as many as connections_max; who waits too long gets none, who waits enough gets the next', async () => {
    const { gateway } = await open({}, { connections_max: 2 })
    const [first, second] = [await slotOf(gateway), await slotOf(gateway)]
    expect(await gateway.acquireSlot(20)).toBeUndefined()
    expect(await gateway.acquireSlot(0)).toBeUndefined()
    const waiting = [gateway.acquireSlot(5_000), gateway.acquireSlot(5_000)]
    first.release()
    first.release()
    const third = await waiting[0]
    expect(third).toBeDefined()
    expect(
      await Promise.race([waiting[1], new Promise((resolve) => setImmediate(() => resolve('none')))]),
    ).toBe('none')
    second.release()
    const fourth = await waiting[1]
    third?.release()
    fourth?.release()
  })

  it('hold no secret in what the server sees of a refused attempt', async () => {
    const { server, gateway } = await open({ replies: { rcpt: '550 5.1.1 no such user' } })
    await sendOnce(gateway)
    expect(server.commands.join('\n')).not.toContain(samplePassword)
  })
})

async function slotOf(gateway: Gateway) {
  const slot = await gateway.acquireSlot(0)
  if (slot === undefined) {
    throw new Error('no slot came free')
  }
  return slot
}

async function waitUntil(isTrue: () => boolean): Promise<void> {
  const endsAt = performance.now() + 5_000
  while (!isTrue()) {
    if (performance.now() > endsAt) {
      throw new Error('what was waited for did not happen')
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
}
