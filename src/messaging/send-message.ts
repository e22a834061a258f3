import type { Clock } from '../core/clock.ts'
import { Secret } from '../core/secret.ts'
import type { Store } from '../store/store.ts'
import { chooseTemplate } from './choose-template.ts'
import type { AttemptOutcome, Gateway, GatewaySlot, OutgoingMessage } from './gateway.ts'
import { createGatewayRoutes } from './gateway-routes.ts'
import type { Mailbox } from './gateways/mailbox.ts'
import { type MessageSender, type SendOutcome, type SendRequest, secretIn } from './message-sender.ts'
import { renderMessage } from './render-template.ts'
import { scrubReply } from './scrub-reply.ts'

export interface MessageSenderDeps {
  readonly store: Pick<Store, 'read'>
  /** Whether a text of a gateway's settings is sealed (`store/seal.ts`). */
  readonly isSealed: (text: string) => boolean
  /** @throws Error when the text does not open under the context */
  readonly openSecret: (sealed: string, context: string) => Secret
  readonly clock: Clock
  /** The demo's: without it no gateway of kind `mailbox` works. */
  readonly mailbox?: Mailbox | undefined
  /** Told how each hand-over to one gateway ended. */
  readonly onAttempt: (outcome: AttemptOutcome['kind']) => void
  readonly log: {
    warn(fields: Readonly<Record<string, unknown>>, text: string): void
    error(fields: Readonly<Record<string, unknown>>, text: string): void
  }
}

// under this an attempt could hardly end in an answer
const ATTEMPT_MS_MIN = 1_000

/**
 * Sends a message over the tenant's gateways: choose template → render → by priority: take a slot → record the attempt
 * → hand over. Only a definite refusal by one gateway leads to the next, with the same secret; a refused recipient, an
 * unknown outcome and an acceptance end it (reset protocol, rules 2, 3 and 5).
 */
export function createMessageSender(deps: MessageSenderDeps): MessageSender {
  const routes = createGatewayRoutes({
    ...deps,
    mailbox: deps.mailbox,
    onBrokenGateway: ({ tenantId, gateway, cause }) =>
      deps.log.error(
        { tenantId, gateway, err: cause },
        'a gateway cannot be used: correct it with rekey apply',
      ),
  })

  return {
    async hasGateway(tenantId, channel) {
      return (await routes.find(tenantId)).hasRow(channel)
    },
    async limitsOf(tenantId, channel) {
      return (await routes.find(tenantId)).limitsOf(channel)
    },
    async send(request) {
      const { gatewaysOf, templates } = await routes.find(request.tenantId)
      const message = compose(request, templates)
      if (message === undefined) {
        const { tenantId, channel, event } = request
        deps.log.error({ tenantId, channel, event }, 'a message template is broken: nothing was sent')
        return { kind: 'refused', reason: 'template_invalid', gateway: undefined, reply: '' }
      }
      return await tryGateways(deps, gatewaysOf(request.channel), message, request)
    },
    async close() {
      await routes.close()
    },
  }
}

function compose(
  request: SendRequest,
  templates: Parameters<typeof chooseTemplate>[0],
): OutgoingMessage | undefined {
  const chosen = chooseTemplate(templates, request)
  return chosen && renderMessage(chosen.template, { ...request, language: chosen.language })
}

async function tryGateways(
  deps: MessageSenderDeps,
  gateways: readonly Gateway[],
  message: OutgoingMessage,
  request: SendRequest,
): Promise<SendOutcome> {
  let last: { readonly gateway: string; readonly outcome: AttemptOutcome } | undefined
  for (const [index, gateway] of gateways.entries()) {
    if (msLeft(deps.clock, request) < ATTEMPT_MS_MIN) {
      break
    }
    const gatewaysLeft = gateways.length - index
    const slot = await gateway.acquireSlot(slotWaitMs(deps.clock, request, gatewaysLeft))
    if (slot === undefined) {
      deps.log.warn(
        { tenantId: request.tenantId, gateway: gateway.name },
        'no slot of a gateway came free in time',
      )
      continue
    }
    const own = { ...request, deadlineMonotonicMs: attemptDeadline(deps.clock, request, gatewaysLeft) }
    const outcome = await attempt(slot, gateway, message, own, last?.outcome)
    if (outcome === 'stopped') {
      return { kind: 'stopped' }
    }
    deps.onAttempt(outcome.kind)
    last = { gateway: gateway.name, outcome }
    if (outcome.kind !== 'refused-here') {
      break
    }
  }
  return last === undefined ? noneTried(gateways) : conclude(last.gateway, last.outcome)
}

/** Takes the slot to its end: recorded, handed over, given back. */
async function attempt(
  slot: GatewaySlot,
  gateway: Gateway,
  message: OutgoingMessage,
  request: SendRequest,
  previous: AttemptOutcome | undefined,
): Promise<AttemptOutcome | 'stopped'> {
  try {
    const handOver = await request.recordAttempt(gateway.name, previous)
    if (handOver === undefined) {
      return 'stopped'
    }
    const deadlineMonotonicMs = Math.min(handOver.deadlineMonotonicMs, request.deadlineMonotonicMs)
    const outcome = await slot.send(message, {
      deadlineMonotonicMs,
      mayHandOver: () => handOver.mayHandOver(),
    })
    return { ...outcome, reply: scrubReply(outcome.reply, secretOfMessage(request)) }
  } finally {
    slot.release()
  }
}

function secretOfMessage({ variables }: SendRequest): Secret {
  return secretIn(variables)?.value ?? new Secret('')
}

/** Each gateway may be waited for as long as leaves those after it their share, and an attempt its least. */
function slotWaitMs(clock: Clock, request: SendRequest, gatewaysLeft: number): number {
  return Math.max(0, (msLeft(clock, request) - ATTEMPT_MS_MIN) / gatewaysLeft)
}

/** A gateway that hangs leaves those after it their share of the time (reset protocol, rule 5). */
function attemptDeadline(clock: Clock, request: SendRequest, gatewaysLeft: number): number {
  const left = msLeft(clock, request)
  return clock.monotonicMs() + Math.min(left, Math.max(ATTEMPT_MS_MIN, left / gatewaysLeft))
}

function msLeft(clock: Clock, request: SendRequest): number {
  return request.deadlineMonotonicMs - clock.monotonicMs()
}

function noneTried(gateways: readonly Gateway[]): SendOutcome {
  const reason = gateways.length === 0 ? 'internal_error' : 'gateway_busy'
  return { kind: 'refused', reason, gateway: undefined, reply: '' }
}

function conclude(gateway: string, outcome: AttemptOutcome): SendOutcome {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'accepted', gateway, reply: outcome.reply }
    case 'unknown':
      return { kind: 'unknown', reason: outcome.reason, gateway, reply: outcome.reply }
    case 'refused-here':
    case 'refused-recipient':
      return { kind: 'refused', reason: outcome.reason, gateway, reply: outcome.reply }
  }
}
