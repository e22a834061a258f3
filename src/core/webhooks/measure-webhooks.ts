import type { Store } from '../../store/store.ts'
import type { Webhook } from './webhook.ts'

const WEBHOOKS_PER_READ_MAX = 500
/** Nobody acts otherwise for more, and the count stays cheap. */
export const DELIVERIES_COUNTED_MAX = 20_000

export interface WebhookMeasures {
  readonly waiting: number
  readonly givenUp: number
  /** Of webhooks that are on; 0: nothing waits. */
  readonly oldestWaitingMs: number
  readonly off: number
}

/** What is on its way to the webhooks of all tenants. */
export async function measureWebhooks({ read }: Pick<Store, 'read'>): Promise<WebhookMeasures> {
  let sum: WebhookMeasures = { waiting: 0, givenUp: 0, oldestWaitingMs: 0, off: 0 }
  let after: Webhook | undefined
  for (;;) {
    const webhooks = await read.webhooks.listOfAllTenants(after, WEBHOOKS_PER_READ_MAX)
    const now = webhooks.length === 0 ? 0 : await read.now()
    for (const webhook of webhooks) {
      const counts = await read.webhookDeliveries.count(webhook, DELIVERIES_COUNTED_MAX)
      const waitsSince = webhook.off === undefined ? counts.oldestWaitingAt : undefined
      sum = {
        waiting: sum.waiting + counts.waiting,
        givenUp: sum.givenUp + counts.givenUp,
        oldestWaitingMs: Math.max(sum.oldestWaitingMs, waitsSince === undefined ? 0 : now - waitsSince),
        off: sum.off + (webhook.off === undefined ? 0 : 1),
      }
    }
    after = webhooks.at(-1)
    if (webhooks.length < WEBHOOKS_PER_READ_MAX) {
      return sum
    }
  }
}
