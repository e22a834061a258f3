import { sql } from 'kysely'
import type { Webhook, WebhookKey } from '../core/webhooks/webhook.ts'
import { toStoredRow } from './audit-chain-repository.ts'
import type { StoreContext } from './context.ts'
import { known, orNull } from './row-values.ts'
import type { WebhookConfiguration, WebhookRepository } from './webhook-store.ts'
import type { WebhookTable } from './webhook-tables.ts'

type Walking = 'listBehindOfAllTenants' | 'listDueOfAllTenants' | 'listSealed' | 'advance'

export function createWebhookRepository(context: StoreContext): WebhookRepository {
  return {
    ...createReading(context),
    ...createWriting(context),
    ...createWalking(context),
    ...createNoting(context),
  }
}

const columns = [
  ...(['tenant_id', 'name', 'url', 'events_json', 'secret_sealed', 'secret_previous_sealed'] as const),
  ...(['timeout_ms', 'created_at', 'walked_sequence', 'missed_rows', 'off_at', 'off_reason'] as const),
  ...(['last_success_at', 'last_failure_at', 'last_failure'] as const),
] as const

function createReading({ db }: StoreContext): Pick<WebhookRepository, 'list' | 'find' | 'listOfAllTenants'> {
  return {
    async list(tenantId) {
      const rows = await db
        .selectFrom('webhooks')
        .select(columns)
        .where('tenant_id', '=', tenantId)
        .orderBy('name')
        .execute()
      return rows.map(toWebhook)
    },

    async find({ tenantId, name }) {
      const row = await db
        .selectFrom('webhooks')
        .select(columns)
        .where('tenant_id', '=', tenantId)
        .where('name', '=', name)
        .executeTakeFirst()
      return row && toWebhook(row)
    },

    async listOfAllTenants(after, limit) {
      const rows = await db
        .selectFrom('webhooks')
        .select(columns)
        .where(isAfter(after))
        .orderBy('tenant_id')
        .orderBy('name')
        .limit(limit)
        .execute()
      return rows.map(toWebhook)
    },
  }
}

function createWriting({ db }: StoreContext): Pick<WebhookRepository, 'insert' | 'update' | 'delete'> {
  return {
    async insert(webhook, createdAt) {
      const head = await db
        .selectFrom('audit_heads')
        .select('sequence')
        .where('tenant_id', '=', webhook.tenantId)
        .executeTakeFirst()
      await db
        .insertInto('webhooks')
        .values({
          ...configurationOf(webhook),
          tenant_id: webhook.tenantId,
          name: webhook.name,
          created_at: createdAt,
          walked_sequence: head?.sequence ?? 0,
          missed_rows: 0,
          off_at: null,
          off_reason: null,
          last_success_at: null,
          last_failure_at: null,
          last_failure: null,
        })
        .execute()
    },

    async update(webhook) {
      const row = configurationOf(webhook)
      await db
        .updateTable('webhooks')
        .set(({ eb }) => ({
          ...row,
          off_at: eb.case().when('url', '=', row.url).then(eb.ref('off_at')).else(null).end(),
          off_reason: eb.case().when('url', '=', row.url).then(eb.ref('off_reason')).else(null).end(),
        }))
        .where('tenant_id', '=', webhook.tenantId)
        .where('name', '=', webhook.name)
        .execute()
    },

    async delete({ tenantId, name }) {
      await db.deleteFrom('webhooks').where('tenant_id', '=', tenantId).where('name', '=', name).execute()
    },
  }
}

function createWalking(context: StoreContext): Pick<WebhookRepository, Walking> {
  const { db } = context
  return {
    async listBehindOfAllTenants(after, limit) {
      const rows = await db
        .selectFrom('webhooks')
        .innerJoin('audit_heads', 'audit_heads.tenant_id', 'webhooks.tenant_id')
        .select(columns.map((column) => `webhooks.${column}` as const))
        .select(['audit_heads.sequence', 'audit_heads.removed_sequence'])
        .where('off_at', 'is', null)
        .whereRef('walked_sequence', '<', 'audit_heads.sequence')
        .where(isAfter(after))
        .orderBy('webhooks.tenant_id')
        .orderBy('name')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        webhook: toWebhook(row),
        headSequence: row.sequence,
        removedSequence: row.removed_sequence,
      }))
    },

    async listDueOfAllTenants(now, limit) {
      const rows = await db
        .selectFrom('webhooks')
        .select(columns)
        .where('off_at', 'is', null)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('webhook_deliveries')
              .select('id')
              .whereRef('webhook_deliveries.tenant_id', '=', 'webhooks.tenant_id')
              .whereRef('webhook_deliveries.webhook', '=', 'webhooks.name')
              .where('due_at', '<=', now),
          ),
        )
        .limit(limit)
        .execute()
      return rows.map(toWebhook)
    },

    listSealed: (tenantId, span, actions, limit) => listSealed(context, tenantId, span, actions, limit),

    async advance({ tenantId, name, walkedSequence }, to, missedRows) {
      const moved = await db
        .updateTable('webhooks')
        .set(({ eb }) => ({ walked_sequence: to, missed_rows: eb('missed_rows', '+', missedRows) }))
        .where('tenant_id', '=', tenantId)
        .where('name', '=', name)
        .where('walked_sequence', '=', walkedSequence)
        .where('off_at', 'is', null)
        .executeTakeFirst()
      return moved.numUpdatedRows > 0n
    },
  }
}

async function listSealed(
  { db }: StoreContext,
  ...[tenantId, { after, until }, actions, limit]: Parameters<WebhookRepository['listSealed']>
): ReturnType<WebhookRepository['listSealed']> {
  const rows = await db
    .selectFrom('audit_rows')
    .select(['tenant_id', 'at', 'id', 'action', 'actor_kind', 'actor_id'])
    .select(['target_kind', 'target_id', 'request_id', 'detail_json', 'sequence'])
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`sequence is not null`) // as the partial index says it
    .where('sequence', '>', after)
    .where('sequence', '<=', until)
    .where('action', 'in', actions)
    .orderBy('sequence')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...toStoredRow(row), sequence: row.sequence ?? 0 }))
}

function createNoting({
  db,
}: StoreContext): Pick<WebhookRepository, 'switchOff' | 'switchOn' | 'noteSuccess' | 'noteFailure'> {
  const update = ({ tenantId, name }: WebhookKey) =>
    db.updateTable('webhooks').where('tenant_id', '=', tenantId).where('name', '=', name)
  return {
    async switchOff(key, reason, at) {
      const changed = await update(key)
        .where('off_at', 'is', null)
        .set({ off_at: at, off_reason: reason })
        .executeTakeFirst()
      return changed.numUpdatedRows > 0n
    },

    async switchOn(key) {
      const changed = await update(key)
        .where('off_at', 'is not', null)
        .set({ off_at: null, off_reason: null })
        .executeTakeFirst()
      return changed.numUpdatedRows > 0n
    },

    async noteSuccess(key, at) {
      await update(key).set({ last_success_at: at }).execute()
    },

    async noteFailure(key, failure, at) {
      await update(key).set({ last_failure: failure, last_failure_at: at }).execute()
    },
  }
}

function isAfter(after: WebhookKey | undefined) {
  return after === undefined
    ? sql<boolean>`1 = 1`
    : sql<boolean>`(webhooks.tenant_id, webhooks.name) > (${after.tenantId}, ${after.name})`
}

function configurationOf(webhook: WebhookConfiguration) {
  return {
    url: webhook.url,
    events_json: JSON.stringify(webhook.events),
    secret_sealed: webhook.secretSealed,
    secret_previous_sealed: orNull(webhook.secretPreviousSealed),
    timeout_ms: webhook.timeoutMs,
  }
}

function toWebhook(row: WebhookTable): Webhook {
  return {
    tenantId: row.tenant_id,
    name: row.name,
    url: row.url,
    events: JSON.parse(row.events_json) as Webhook['events'],
    secretSealed: row.secret_sealed,
    secretPreviousSealed: known(row.secret_previous_sealed),
    timeoutMs: row.timeout_ms,
    createdAt: row.created_at,
    walkedSequence: row.walked_sequence,
    missedRows: row.missed_rows,
    off: row.off_at === null ? undefined : { at: row.off_at, reason: row.off_reason ?? 'off' },
    lastSuccessAt: known(row.last_success_at),
    lastFailure:
      row.last_failure_at === null
        ? undefined
        : { at: row.last_failure_at, reason: row.last_failure ?? 'unknown' },
  }
}
