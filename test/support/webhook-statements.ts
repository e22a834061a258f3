import type { Delivery, Webhook } from '../../src/core/webhooks/webhook.ts'
import type { HotStatement } from './code-statements.ts'

const aWebhook: Webhook = {
  ...{
    tenantId: 't1',
    name: 'h1',
    url: 'u',
    events: ['*'],
    secretSealed: 's',
    secretPreviousSealed: undefined,
  },
  ...{ timeoutMs: 1, createdAt: 1, walkedSequence: 1, missedRows: 0, off: undefined },
  ...{ lastSuccessAt: undefined, lastFailure: undefined },
}
const aDelivery: Delivery = {
  ...{ tenantId: 't1', id: 'd11', webhook: 'h1', event: 'e', payload: '{}', occurredAt: 1 },
  ...({ state: 'waiting', dueAt: 1, attempts: 1, lastAttemptAt: undefined } as const),
  ...{ lastStatus: undefined, lastReason: undefined, removeAt: undefined },
}

/** Of webhooks and what is on its way to them. */
export const webhookStatements: Record<string, HotStatement> = {
  'a webhook': { run: ({ webhooks }) => webhooks.find(aWebhook), indexes: ['webhooks_pkey'] },
  'what a webhook is to be told of': {
    run: ({ webhooks }) => webhooks.listSealed('t1', { after: 1, until: 5 }, ['a', 'b'], 10),
    indexes: ['audit_rows_sequence'],
  },
  'a webhook goes on': {
    run: ({ webhooks }) => webhooks.advance(aWebhook, 5, 0),
    indexes: ['webhooks_pkey'],
  },
  'a webhook succeeded or failed': {
    run: async ({ webhooks }) => {
      await webhooks.noteSuccess(aWebhook, 1)
      await webhooks.noteFailure(aWebhook, 'timeout', 1)
      await webhooks.switchOff(aWebhook, 'gone', 1)
      await webhooks.switchOn(aWebhook)
    },
    indexes: ['webhooks_pkey'],
  },
  'claiming deliveries': {
    run: ({ webhookDeliveries }) => webhookDeliveries.claim(aWebhook, { now: 5, leaseUntil: 10, limit: 8 }),
    indexes: ['webhook_deliveries_due_at', 'webhook_deliveries_pkey'],
  },
  'settling a delivery': {
    run: async ({ webhookDeliveries }) => {
      await webhookDeliveries.settle(aDelivery, { ...aDelivery, state: 'delivered' })
      await webhookDeliveries.requeue('t1', 'd11', 1)
      await webhookDeliveries.find('t1', 'd11')
    },
    indexes: ['webhook_deliveries_pkey'],
  },
  'whether too much waits': {
    run: ({ webhookDeliveries }) => webhookDeliveries.areWaiting(aWebhook, 100),
    indexes: ['webhook_deliveries_due_at'],
  },
  'counting deliveries': {
    run: ({ webhookDeliveries }) => webhookDeliveries.count(aWebhook, 100),
    indexes: ['webhook_deliveries_due_at', 'webhook_deliveries_given_up'],
  },
  'a page of deliveries': {
    run: ({ webhookDeliveries }) =>
      webhookDeliveries.listPage('t1', 'given_up', { pageIndex: 3, pageSize: 20 }),
    indexes: ['webhook_deliveries_state'],
  },
  'what a webhook was not delivered': {
    run: ({ webhookDeliveries }) => webhookDeliveries.listGivenUp(aWebhook, 'd', 10),
    indexes: ['webhook_deliveries_given_up'],
  },
  'sweeping deliveries': {
    run: ({ webhookDeliveries }) => webhookDeliveries.deleteOldOfAllTenants(5, 10),
    indexes: ['webhook_deliveries_pkey', 'webhook_deliveries_remove_at'],
  },
}

/** One webhook a tenant, and its deliveries in every state. */
export function webhookRows(numbers: string): readonly string[] {
  return [
    `${numbers} insert into webhooks (tenant_id, name, url, events_json, secret_sealed, timeout_ms, created_at,
        walked_sequence, missed_rows)
      select 't' || (i % 10), 'h' || (i % 10), 'u', '[]', 's', 1, 1, 3000, 0 from n where i <= 10`,
    `${numbers} insert into webhook_deliveries (tenant_id, id, webhook, event, payload_json, occurred_at, state, due_at,
        attempts, remove_at)
      select 't' || (i % 10), 'd' || i, 'h' || (i % 10), 'e', '{}', i,
        case when i % 50 < 10 then 'waiting' when i % 50 < 20 then 'given_up' else 'delivered' end,
        case when i % 50 < 10 then i end, 1, case when i % 50 >= 10 then i end from n`,
  ]
}
