import type { Repositories, Store } from '../../store/store.ts'
import { type Clock, DAY_MS, MINUTE_MS } from '../clock.ts'
import type { RandomBytes } from '../randomness.ts'
import type { Secret } from '../secret.ts'
import type { PostEvent, PostOutcome } from './event-poster.ts'
import { waitAfterAttempt } from './retry-schedule.ts'
import { type Delivery, type Webhook, webhookContext } from './webhook.ts'

/** Deliveries that one webhook has under way at a time in this process, handed over at once and settled together. */
const BATCH_MAX = 8
/** Then the webhook waits for the next look: others have their turn. */
const BATCHES_PER_TURN_MAX = 20
/** Webhooks served at a time: a slow receiver holds one of these places. */
const WEBHOOKS_AT_ONCE_MAX = 32
const WEBHOOKS_PER_READ_MAX = 1_000
/** Far longer than any `timeout_ms`: whoever lets it run out is dead. */
const LEASE_MS = 2 * MINUTE_MS
/** To be looked up, or sent again when a receiver lost it. */
const DELIVERED_KEPT_MS = DAY_MS

export interface SendWebhooksDeps {
  readonly store: Store
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly random: RandomBytes
  readonly post: PostEvent
  /** @throws Error when it does not open: the master key is another one */
  readonly openSecret: (sealed: string, context: string) => Secret
  readonly onAttempt: (outcome: 'delivered' | 'failed' | 'given_up' | 'stopped') => void
  readonly onSwitchedOff: (webhook: Webhook, reason: string) => void
  readonly onGivenUp: (delivery: Delivery, reason: string) => void
  readonly onTrouble: (trouble: {
    readonly tenantId: string
    readonly webhook: string
    readonly cause: unknown
  }) => void
  /** Crash tests end the process between hand-over and record. */
  readonly handedOver: () => Promise<void> | void
}

export interface WebhookSender {
  /** Begins to send what is due, and waits for nothing. How many webhooks have their turn now. */
  begin(): Promise<number>
  /** Waits for what is under way. */
  settle(): Promise<void>
  /** Ends what is under way: it is due again at once. */
  abort(): void
}

/**
 * Sends what is due: claimed with a lease and counted before anything leaves, handed over outside any transaction,
 * settled afterwards. A process that dies in between leaves it to be sent again, with the same id. Webhooks do not wait for
 * each other. Safe on any number of nodes at once.
 */
export function createWebhookSender(deps: SendWebhooksDeps): WebhookSender {
  const underWay = new Map<string, Promise<void>>()
  const servedAt = new Map<string, number>()
  const stopping = new AbortController()
  const keyOf = ({ tenantId, name }: Webhook) => `${tenantId} ${name}`

  function serve(webhook: Webhook): void {
    const key = keyOf(webhook)
    servedAt.set(key, deps.clock.monotonicMs())
    const turn = serveOnce(deps, webhook, stopping.signal)
      .catch((cause: unknown) => deps.onTrouble({ tenantId: webhook.tenantId, webhook: webhook.name, cause }))
      .finally(() => underWay.delete(key))
    underWay.set(key, turn)
  }

  return {
    async begin() {
      const { read } = deps.store
      const due = await read.webhooks.listDueOfAllTenants(await read.now(), WEBHOOKS_PER_READ_MAX)
      const keys = new Set(due.map(keyOf))
      for (const key of servedAt.keys()) {
        if (!keys.has(key)) servedAt.delete(key)
      }
      // who was served longest ago comes first
      const waiting = due
        .filter((webhook) => !underWay.has(keyOf(webhook)))
        .toSorted((one, other) => (servedAt.get(keyOf(one)) ?? 0) - (servedAt.get(keyOf(other)) ?? 0))
      for (const webhook of waiting.slice(0, WEBHOOKS_AT_ONCE_MAX - underWay.size)) {
        serve(webhook)
      }
      return underWay.size
    },
    async settle() {
      await Promise.all(underWay.values())
    },
    abort: () => stopping.abort(),
  }
}

async function serveOnce(deps: SendWebhooksDeps, webhook: Webhook, signal: AbortSignal): Promise<void> {
  for (let batch = 0; batch < BATCHES_PER_TURN_MAX && !signal.aborted; batch += 1) {
    const claimed = await deps.store.transaction(async (repositories) => {
      const now = await repositories.now()
      return await repositories.webhookDeliveries.claim(webhook, {
        now,
        leaseUntil: now + LEASE_MS,
        limit: BATCH_MAX,
      })
    })
    if (claimed.length === 0) {
      return
    }
    const outcomes = await Promise.all(claimed.map((delivery) => handOver(deps, webhook, delivery, signal)))
    await deps.handedOver()
    await settleBatch(
      deps,
      webhook,
      claimed.flatMap((delivery, index) => {
        const outcome = outcomes[index]
        return outcome === undefined ? [] : [{ delivery, outcome }]
      }),
    )
    if (!outcomes.some(({ kind }) => kind === 'delivered')) {
      return // a receiver that takes nothing is not asked for more at once
    }
  }
}

async function handOver(
  deps: SendWebhooksDeps,
  webhook: Webhook,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<PostOutcome> {
  try {
    const secrets = readSecrets(deps, webhook)
    return await deps.post({ ...delivery, url: webhook.url, secrets, timeoutMs: webhook.timeoutMs, signal })
  } catch (cause) {
    deps.onTrouble({ tenantId: webhook.tenantId, webhook: webhook.name, cause })
    return { kind: 'failed', reason: 'secret_unreadable' }
  }
}

/** @throws Error when the master key is another one */
export function readSecrets(
  { openSecret }: Pick<SendWebhooksDeps, 'openSecret'>,
  webhook: Webhook,
): readonly Secret[] {
  const context = webhookContext(webhook)
  return [webhook.secretSealed, webhook.secretPreviousSealed]
    .filter((sealed) => sealed !== undefined)
    .map((sealed) => openSecret(sealed, context))
}

interface Attempted {
  readonly delivery: Delivery
  readonly outcome: PostOutcome
}

async function settleBatch(
  deps: SendWebhooksDeps,
  webhook: Webhook,
  attempted: readonly Attempted[],
): Promise<void> {
  const settled = await deps.store.transaction(async (repositories) => {
    const now = await repositories.now()
    const isGone = attempted.some(({ outcome }) => isFailedWith(outcome, 'gone'))
    const isSwitchedOff = isGone && (await switchOff(repositories, webhook, now))
    const ends: (readonly [Attempted, Ending])[] = []
    for (const one of attempted) {
      const end = endOf(deps, one, now)
      if (await write(repositories, webhook, one, end, now)) {
        ends.push([one, end])
      }
    }
    await note(repositories, webhook, attempted, now)
    return { ends, isSwitchedOff }
  })
  for (const [{ delivery, outcome }, { word }] of settled.ends) {
    deps.onAttempt(word)
    if (word === 'given_up' && outcome.kind === 'failed') {
      deps.onGivenUp(delivery, outcome.reason)
    }
  }
  if (settled.isSwitchedOff) {
    deps.onSwitchedOff(webhook, 'gone')
  }
}

type Ending =
  | { readonly word: 'delivered' }
  | { readonly word: 'given_up' }
  /** `isCounted`: as one of the ten attempts. */
  | { readonly word: 'failed'; readonly dueAt: number; readonly isCounted: boolean }
  | { readonly word: 'stopped'; readonly dueAt: number; readonly isCounted: false }

function endOf(deps: SendWebhooksDeps, { delivery, outcome }: Attempted, now: number): Ending {
  if (outcome.kind === 'delivered') {
    return { word: 'delivered' }
  }
  if (outcome.reason === 'stopped') {
    return { word: 'stopped', dueAt: now, isCounted: false }
  }
  if (outcome.reason === 'gone') {
    return { word: 'failed', dueAt: now, isCounted: false } // waits for the webhook to be on again
  }
  const waitMs = waitAfterAttempt(delivery.attempts, outcome.retryAfterMs, deps.random)
  return waitMs === undefined
    ? { word: 'given_up' }
    : { word: 'failed', dueAt: now + waitMs, isCounted: true }
}

/** False: it was claimed anew, because this took longer than the lease, or is gone. */
async function write(
  repositories: Repositories,
  webhook: Webhook,
  { delivery, outcome }: Attempted,
  end: Ending,
  now: number,
): Promise<boolean> {
  const seen = {
    lastAttemptAt: now,
    lastStatus: outcome.status,
    lastReason: outcome.kind === 'failed' ? outcome.reason : undefined,
  }
  if (end.word === 'delivered') {
    const removeAt = now + DELIVERED_KEPT_MS
    return await repositories.webhookDeliveries.settle(delivery, {
      ...seen,
      state: 'delivered',
      dueAt: undefined,
      removeAt,
    })
  }
  if (end.word === 'given_up') {
    const tenant = await repositories.tenants.find(webhook.tenantId)
    const days = tenant?.settings.retention.webhooksDays ?? 0
    const isGivenUp = await repositories.webhookDeliveries.settle(delivery, {
      ...seen,
      state: 'given_up',
      dueAt: undefined,
      removeAt: now + days * DAY_MS,
    })
    if (isGivenUp) {
      await record(repositories, webhook, 'webhook.given_up', {
        delivery: delivery.id,
        event: delivery.event,
        reason: seen.lastReason ?? 'unknown',
      })
    }
    return isGivenUp
  }
  return await repositories.webhookDeliveries.settle(delivery, {
    ...seen,
    state: 'waiting',
    dueAt: end.dueAt,
    removeAt: undefined,
    ...(end.isCounted ? {} : { attempts: delivery.attempts - 1 }),
  })
}

async function switchOff(repositories: Repositories, webhook: Webhook, now: number): Promise<boolean> {
  const isSwitchedOff = await repositories.webhooks.switchOff(webhook, 'gone', now)
  if (isSwitchedOff) {
    await record(repositories, webhook, 'webhook.switched_off', { reason: 'gone' })
  }
  return isSwitchedOff
}

async function record(
  repositories: Repositories,
  { tenantId, name }: Webhook,
  action: string,
  detail: Readonly<Record<string, string>>,
): Promise<void> {
  await repositories.audit.append({
    ...{ tenantId, action, targetKind: 'webhook', targetId: name, requestId: undefined, detail },
    actor: { kind: 'server', id: undefined },
  })
}

async function note(
  repositories: Repositories,
  webhook: Webhook,
  attempted: readonly Attempted[],
  now: number,
): Promise<void> {
  const failures = attempted.flatMap(({ outcome }) => (outcome.kind === 'failed' ? [outcome] : []))
  const failure = failures.find(({ reason }) => reason !== 'stopped')
  if (failure !== undefined) {
    const status = failure.status === undefined ? '' : ` ${failure.status}`
    await repositories.webhooks.noteFailure(webhook, `${failure.reason}${status}`, now)
  }
  if (failures.length < attempted.length) {
    await repositories.webhooks.noteSuccess(webhook, now)
  }
}

function isFailedWith(outcome: PostOutcome, reason: string): boolean {
  return outcome.kind === 'failed' && outcome.reason === reason
}
