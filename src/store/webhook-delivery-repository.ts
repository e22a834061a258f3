import { sql } from 'kysely'
import type { Delivery, DeliveryState, WebhookKey } from '../core/webhooks/webhook.ts'
import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'
import { known, orNull } from './row-values.ts'
import type { DeliveryCounts, WebhookDeliveryRepository } from './webhook-store.ts'
import type { WebhookDeliveryTable } from './webhook-tables.ts'

type Listing = 'find' | 'count' | 'areWaiting' | 'listPage' | 'listGivenUp'

export function createWebhookDeliveryRepository(context: StoreContext): WebhookDeliveryRepository {
  return { ...createListing(context), ...createQueue(context) }
}

/** Said literally, as the partial indexes say it. */
const isWaiting = sql<boolean>`due_at is not null`
const isGivenUp = sql<boolean>`state = 'given_up'`

function createListing(context: StoreContext): Pick<WebhookDeliveryRepository, Listing> {
  const { db } = context
  return {
    async find(tenantId, id) {
      const row = await db
        .selectFrom('webhook_deliveries')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && toDelivery(row)
    },

    count: (key, countMax) => count(context, key, countMax),

    async areWaiting({ tenantId, name }, count) {
      const row = await db
        .selectFrom('webhook_deliveries')
        .select('due_at')
        .where('tenant_id', '=', tenantId)
        .where('webhook', '=', name)
        .where(isWaiting)
        .orderBy('due_at')
        .limit(1)
        .offset(count - 1)
        .executeTakeFirst()
      return row !== undefined
    },

    async listPage(tenantId, state, { pageIndex, pageSize }) {
      const ofState = db
        .selectFrom('webhook_deliveries')
        .where('tenant_id', '=', tenantId)
        .where('state', '=', state)
      const counted = await ofState.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirst()
      const rows = await ofState
        .selectAll()
        .orderBy('id', 'desc')
        .limit(pageSize)
        .offset(pageIndex * pageSize)
        .execute()
      return { total: Number(counted?.count ?? 0), deliveries: rows.map(toDelivery) }
    },

    async listGivenUp({ tenantId, name }, afterId, limit) {
      const rows = await db
        .selectFrom('webhook_deliveries')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('webhook', '=', name)
        .where(isGivenUp)
        .where('id', '>', afterId)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(toDelivery)
    },
  }
}

async function count(
  { db }: StoreContext,
  { tenantId, name }: WebhookKey,
  countMax: number,
): Promise<DeliveryCounts> {
  const counted = async (condition: typeof isWaiting) => {
    const { rows } = await sql<{ count: number }>`select count(*) as count from (
      select 1 as one from webhook_deliveries
      where tenant_id = ${tenantId} and webhook = ${name} and ${condition} limit ${countMax}) as found`.execute(
      db,
    )
    return Number(rows[0]?.count ?? 0)
  }
  const oldest = await db
    .selectFrom('webhook_deliveries')
    .select(({ fn }) => fn.min('occurred_at').as('at'))
    .where('tenant_id', '=', tenantId)
    .where('webhook', '=', name)
    .where(isWaiting)
    .executeTakeFirst()
  return {
    waiting: await counted(isWaiting),
    givenUp: await counted(isGivenUp),
    oldestWaitingAt: known(oldest?.at ?? null),
  }
}

function createQueue(context: StoreContext): Omit<WebhookDeliveryRepository, Listing> {
  const { db, dialect } = context
  return {
    async insert(deliveries) {
      // one by one: one text for all, where a list would be another statement for each length
      for (const delivery of deliveries) {
        await insertOne.run(context, toRow(delivery))
      }
    },

    async claim({ tenantId, name }, { now, leaseUntil, limit }) {
      const unlocked = dialect.hasRowLocks ? sql`for update skip locked` : sql``
      const { rows } = await sql<WebhookDeliveryTable>`
        update webhook_deliveries set due_at = ${leaseUntil}, attempts = attempts + 1
        where (tenant_id, id) in (
          select tenant_id, id from webhook_deliveries
          where tenant_id = ${tenantId} and webhook = ${name} and ${isWaiting} and due_at <= ${now}
          order by due_at limit ${limit} ${unlocked})
        returning *`.execute(db)
      return rows.map(toDelivery)
    },

    async settle({ tenantId, id, attempts }, after) {
      const changed = await db
        .updateTable('webhook_deliveries')
        .set({
          state: after.state,
          due_at: orNull(after.dueAt),
          last_attempt_at: orNull(after.lastAttemptAt),
          last_status: orNull(after.lastStatus),
          last_reason: orNull(after.lastReason),
          remove_at: orNull(after.removeAt),
          ...(after.attempts === undefined ? {} : { attempts: after.attempts }),
        })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where('attempts', '=', attempts)
        .where('due_at', 'is not', null) // it waits
        .executeTakeFirst()
      return changed.numUpdatedRows > 0n
    },

    async requeue(tenantId, id, dueAt) {
      const changed = await db
        .updateTable('webhook_deliveries')
        .set({ state: 'waiting', due_at: dueAt, attempts: 0, remove_at: null })
        .where('tenant_id', '=', tenantId)
        .where('id', '=', id)
        .where('due_at', 'is', null)
        .executeTakeFirst()
      return changed.numUpdatedRows > 0n
    },

    deleteOldOfAllTenants: (before, limit) =>
      deleteOldest(context, {
        table: 'webhook_deliveries',
        key: ['tenant_id', 'id'],
        column: 'remove_at',
        before,
        limit,
      }),
  }
}

const insertOne = prepareStatement((db, value: Places<WebhookDeliveryTable>) =>
  db.insertInto('webhook_deliveries').values({
    tenant_id: value('tenant_id'),
    id: value('id'),
    webhook: value('webhook'),
    event: value('event'),
    payload_json: value('payload_json'),
    occurred_at: value('occurred_at'),
    state: value('state'),
    due_at: value('due_at'),
    attempts: value('attempts'),
    last_attempt_at: value('last_attempt_at'),
    last_status: value('last_status'),
    last_reason: value('last_reason'),
    remove_at: value('remove_at'),
  }),
)

function toRow(delivery: Delivery): WebhookDeliveryTable {
  return {
    tenant_id: delivery.tenantId,
    id: delivery.id,
    webhook: delivery.webhook,
    event: delivery.event,
    payload_json: delivery.payload,
    occurred_at: delivery.occurredAt,
    state: delivery.state,
    due_at: orNull(delivery.dueAt),
    attempts: delivery.attempts,
    last_attempt_at: orNull(delivery.lastAttemptAt),
    last_status: orNull(delivery.lastStatus),
    last_reason: orNull(delivery.lastReason),
    remove_at: orNull(delivery.removeAt),
  }
}

function toDelivery(row: WebhookDeliveryTable): Delivery {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    webhook: row.webhook,
    event: row.event,
    payload: row.payload_json,
    occurredAt: row.occurred_at,
    state: row.state as DeliveryState,
    dueAt: known(row.due_at),
    attempts: row.attempts,
    lastAttemptAt: known(row.last_attempt_at),
    lastStatus: known(row.last_status),
    lastReason: known(row.last_reason),
    removeAt: known(row.remove_at),
  }
}
