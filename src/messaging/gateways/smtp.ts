import type { Clock } from '../../core/clock.ts'
import type { AttemptOutcome, Gateway, GatewaySlot, HandOver, OutgoingMessage } from '../gateway.ts'
import type { GatewayDeps, GatewaySpec } from '../gateway-settings.ts'
import { scrubReply } from '../scrub-reply.ts'
import { createSlots } from '../slots.ts'
import { buildMail } from './smtp/build-mail.ts'
import { createIdleConnections, type IdleConnections } from './smtp/idle-connections.ts'
import { openConnection } from './smtp/open-connection.ts'
import { type Mail, sendOver } from './smtp/send-over.ts'
import { readSmtpSettings, type SmtpSettings } from './smtp/settings.ts'

/**
 * Mail over SMTP: one message a slot, over connections that stay open for the next. The outcome of a hand-over is
 * judged by how far it came, never by an error code alone (`smtp/judge-failure.ts`).
 * @throws Error when the settings are not valid
 */
export function createSmtpGateway(spec: GatewaySpec, deps: GatewayDeps): Gateway {
  const settings = readSmtpSettings(spec.settings)
  const slots = createSlots(settings.connectionsMax)
  const way: Way = { settings, clock: deps.clock, idle: createIdleConnections() }

  return {
    name: spec.name,
    channel: spec.channel,
    async acquireSlot(waitMsMax) {
      const release = await slots.acquire(waitMsMax)
      const slot: GatewaySlot | undefined = release && {
        release,
        send: (message, handOver) => send(way, message, handOver),
      }
      return slot
    },
    async close() {
      way.idle.close()
      await slots.drained()
    },
  }
}

interface Way {
  readonly settings: SmtpSettings
  readonly clock: Clock
  readonly idle: IdleConnections
}

async function send(way: Way, message: OutgoingMessage, handOver: HandOver): Promise<AttemptOutcome> {
  const { settings, clock } = way
  try {
    const startedAt = clock.monotonicMs()
    const deadline = Math.min(startedAt + settings.timeoutMs, handOver.deadlineMonotonicMs)
    const mail: Mail = {
      from: settings.from.address,
      to: message.to,
      content: await buildMail(settings.from, message, clock.now()),
    }
    const mayHandOver = async () => (await handOver.mayHandOver()) && clock.monotonicMs() < deadline
    const outcome = await attempt(way, mail, { deadline, mayHandOver })
    return settings.password === undefined
      ? outcome
      : { ...outcome, reply: scrubReply(outcome.reply, settings.password) }
  } catch {
    // hand-over itself never throws: this came before it
    return { kind: 'refused-here', reason: 'internal_error', reply: '' }
  }
}

async function attempt(
  way: Way,
  mail: Mail,
  terms: { readonly deadline: number; mayHandOver(): Promise<boolean> },
): Promise<AttemptOutcome> {
  const msLeft = () => Math.max(0, terms.deadline - way.clock.monotonicMs())
  const kept = way.idle.take()
  if (kept !== undefined) {
    const sent = await sendOver(kept.connection, mail, { ...terms, msLeft: msLeft() })
    if (!sent.isStale) {
      keepIfAccepted(way, kept.connection, kept.messages + 1, sent.outcome)
      return sent.outcome
    }
    // the server had left an idle connection: nothing of this message was heard, so a fresh one may carry it
  }
  if (msLeft() === 0) {
    return { kind: 'refused-here', reason: 'gateway_timeout', reply: '' }
  }
  const opened = await openConnection(way.settings, msLeft())
  if (opened.kind === 'failed') {
    return opened.outcome
  }
  const sent = await sendOver(opened.connection, mail, { ...terms, msLeft: msLeft() })
  keepIfAccepted(way, opened.connection, 1, sent.outcome)
  return sent.outcome
}

function keepIfAccepted(
  way: Way,
  connection: Parameters<typeof sendOver>[0],
  messages: number,
  outcome: AttemptOutcome,
): void {
  if (outcome.kind === 'accepted') {
    way.idle.keep({ connection, messages })
  }
}
