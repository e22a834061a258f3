import type { Repositories, Store } from '../../store/store.ts'
import type { WebhookBehind } from '../../store/webhook-store.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../new-id.ts'
import type { RandomBytes } from '../randomness.ts'
import { actionsWithEvents, eventsOfRow } from './events-of-row.ts'
import type { Delivery, Webhook } from './webhook.ts'
import { isWanted } from './webhook-event.ts'

/** How many places of the record one step goes on, and how many rows with events it takes at most. */
const PLACES_PER_STEP_MAX = 5_000
const ROWS_PER_STEP_MAX = 200
/** 4,000 rows with events, then the next tenant has its turn. */
const STEPS_PER_RUN_MAX = 20
const WEBHOOKS_PER_READ_MAX = 500
/** Beyond it the record itself is the queue: the webhook looks at no further rows. */
export const WAITING_MAX = 10_000

export interface WalkDeps {
  readonly store: Store
  readonly clock: Pick<Clock, 'now'>
  readonly random: RandomBytes
  /** Retention removed rows before this webhook had looked at them. */
  readonly onMissed: (missed: { readonly webhook: Webhook; readonly rows: number }) => void
  readonly onTrouble: (trouble: {
    readonly tenantId: string
    readonly webhook: string
    readonly cause: unknown
  }) => void
}

/**
 * Looks through what was sealed since each webhook last looked, and puts what it wants to hear on its way: the audit
 * record is the outbox, so whoever changes something does nothing for it. Deliveries and the webhook's new place in the
 * record are one transaction with a compare-and-set on the place: of several processes one adds an event, once.
 * How many deliveries were added.
 */
export async function walkRecord(deps: WalkDeps, isStopping: () => boolean = () => false): Promise<number> {
  let added = 0
  let after: Webhook | undefined
  for (;;) {
    const behind = await deps.store.read.webhooks.listBehindOfAllTenants(after, WEBHOOKS_PER_READ_MAX)
    for (const group of groupByPlace(behind)) {
      if (isStopping()) {
        return added
      }
      added += await walkGroup(deps, group)
    }
    after = behind.at(-1)?.webhook
    if (behind.length < WEBHOOKS_PER_READ_MAX) {
      return added
    }
  }
}

/** Webhooks of a tenant that stand at one place read the rows once; one that is held up holds no other up. */
function groupByPlace(behind: readonly WebhookBehind[]): readonly (readonly WebhookBehind[])[] {
  return [...Map.groupBy(behind, ({ webhook }) => `${webhook.walkedSequence} ${webhook.tenantId}`).values()]
}

async function walkGroup(deps: WalkDeps, group: readonly WebhookBehind[]): Promise<number> {
  let added = 0
  let current = group
  try {
    for (let step = 0; step < STEPS_PER_RUN_MAX && current.length > 0; step += 1) {
      const walked = await walkStep(deps, current)
      added += walked.added
      current = walked.left
    }
  } catch (cause) {
    const { tenantId, name } = group[0]?.webhook ?? { tenantId: '', name: '' }
    deps.onTrouble({ tenantId, webhook: name, cause })
  }
  return added
}

async function walkStep(
  deps: WalkDeps,
  group: readonly WebhookBehind[],
): Promise<{ readonly added: number; readonly left: readonly WebhookBehind[] }> {
  const [first] = group
  if (first === undefined) {
    return { added: 0, left: [] }
  }
  const { tenantId, walkedSequence } = first.webhook
  // what retention took is gone: say how much, and go on behind it
  const after = Math.max(walkedSequence, first.removedSequence)
  const until = Math.min(after + PLACES_PER_STEP_MAX, first.headSequence)
  const rows = await deps.store.read.webhooks.listSealed(
    tenantId,
    { after, until },
    actionsWithEvents,
    ROWS_PER_STEP_MAX,
  )
  const to = rows.length < ROWS_PER_STEP_MAX ? until : (rows.at(-1)?.sequence ?? until)
  const missed = after - walkedSequence
  const advanced = await deps.store.transaction(async (repositories) => {
    const done: { readonly webhook: Webhook; readonly deliveries: number }[] = []
    for (const { webhook } of group) {
      const deliveries = deliveriesOf(deps, webhook, rows, await repositories.now())
      if (deliveries.length > 0 && (await isHeld(repositories, webhook))) {
        continue
      }
      if (await repositories.webhooks.advance(webhook, to, missed)) {
        await repositories.webhookDeliveries.insert(deliveries)
        await recordMissed(repositories, webhook, missed)
        done.push({ webhook, deliveries: deliveries.length })
      }
    }
    return done
  })
  for (const { webhook } of missed === 0 ? [] : advanced) {
    deps.onMissed({ webhook, rows: missed })
  }
  const left = advanced.map(({ webhook }) => ({ ...first, webhook: { ...webhook, walkedSequence: to } }))
  return {
    added: advanced.reduce((sum, { deliveries }) => sum + deliveries, 0),
    left: to < first.headSequence ? left : [],
  }
}

async function isHeld(repositories: Repositories, webhook: Webhook): Promise<boolean> {
  return await repositories.webhookDeliveries.areWaiting(webhook, WAITING_MAX)
}

type Rows = Awaited<ReturnType<Store['read']['webhooks']['listSealed']>>

function deliveriesOf(deps: WalkDeps, webhook: Webhook, rows: Rows, now: number): readonly Delivery[] {
  return rows.flatMap((row) =>
    eventsOfRow(row)
      .filter(({ event }) => isWanted(event, webhook.events))
      .map(({ event, data }) => ({
        tenantId: webhook.tenantId,
        id: newId(deps.clock.now(), deps.random),
        webhook: webhook.name,
        event,
        payload: payloadOf(event, row.at, data),
        occurredAt: row.at,
        state: 'waiting' as const,
        dueAt: now,
        attempts: 0,
        lastAttemptAt: undefined,
        lastStatus: undefined,
        lastReason: undefined,
        removeAt: undefined,
      })),
  )
}

/** As Standard Webhooks has it: what happened, when, and about whom. */
export function payloadOf(type: string, at: number, data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
}

async function recordMissed(
  repositories: Repositories,
  { tenantId, name }: Webhook,
  rows: number,
): Promise<void> {
  if (rows > 0) {
    await repositories.audit.append({
      tenantId,
      action: 'webhook.missed',
      actor: { kind: 'server', id: undefined },
      targetKind: 'webhook',
      targetId: name,
      requestId: undefined,
      detail: { rows },
    })
  }
}
