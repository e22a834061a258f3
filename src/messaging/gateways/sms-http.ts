import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Clock } from '../../core/clock.ts'
import type { AttemptOutcome, Gateway, GatewaySlot, HandOver, OutgoingMessage } from '../gateway.ts'
import type { GatewayDeps, GatewaySpec } from '../gateway-settings.ts'
import { createSlots } from '../slots.ts'
import { judgeAnswer } from './sms-http/answer-rules.ts'
import { type Exchange, exchange } from './sms-http/exchange.ts'
import { createRequestRenderer, type RenderedRequest } from './sms-http/render-request.ts'
import { readSmsHttpSettings, type SmsHttpSettings } from './sms-http/settings.ts'

/**
 * SMS through a vendor's HTTP interface: one request a slot, made from templates, its answer judged by rules
 * (`sms-http/answer-rules.ts`).
 * @throws Error when the settings are not valid
 */
export function createSmsHttpGateway(spec: GatewaySpec, deps: GatewayDeps): Gateway {
  const settings = readSmsHttpSettings(spec.settings)
  const slots = createSlots(settings.connectionsMax)
  const way: Way = {
    settings,
    clock: deps.clock,
    agent: createAgent(settings),
    render: createRequestRenderer(settings),
  }

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
      await slots.drained()
      way.agent.destroy()
    },
  }
}

interface Way {
  readonly settings: SmsHttpSettings
  readonly clock: Clock
  readonly agent: HttpAgent
  readonly render: (message: OutgoingMessage) => RenderedRequest
}

// below the 5 s after which common servers close: a request on a line that closes meanwhile has an unknown outcome
const IDLE_MS_MAX = 4_000

function createAgent(settings: SmsHttpSettings): HttpAgent {
  const bounds = { keepAlive: true, maxSockets: settings.connectionsMax, timeout: IDLE_MS_MAX }
  if (!/^https:/i.test(settings.url)) {
    return new HttpAgent(bounds)
  }
  return new HttpsAgent({
    ...bounds,
    // said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(settings.tlsCa === undefined ? {} : { ca: settings.tlsCa }),
  })
}

async function send(way: Way, message: OutgoingMessage, handOver: HandOver): Promise<AttemptOutcome> {
  const { settings, clock } = way
  const deadline = Math.min(clock.monotonicMs() + settings.timeoutMs, handOver.deadlineMonotonicMs)
  try {
    const rendered = way.render(message)
    const once = (): Promise<Exchange> =>
      exchange(rendered, {
        method: settings.method,
        agent: way.agent,
        msLeft: Math.max(0, deadline - clock.monotonicMs()),
        mayHandOver: async () => (await handOver.mayHandOver()) && clock.monotonicMs() < deadline,
      })
    const first = await once()
    // an idle connection that the server had left: nothing was written to it, so a fresh one may carry the message
    const result = first.kind === 'unanswered' && first.isStale ? await once() : first
    return result.kind === 'answered' ? judgeAnswer(settings.rules, result.answer) : result.outcome
  } catch {
    // a hand-over never throws: this came before it
    return { kind: 'refused-here', reason: 'internal_error', reply: '' }
  }
}
