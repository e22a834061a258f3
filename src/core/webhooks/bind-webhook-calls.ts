import type { Store } from '../../store/store.ts'
import { listDeliveries } from './list-deliveries.ts'
import { resendDelivery } from './resend-delivery.ts'
import type { WebhookCalls } from './webhook-calls.ts'

/** The operations on webhooks with what they need already given. */
export function bindWebhookCalls({ store }: { readonly store: Store }): WebhookCalls {
  return {
    listDeliveries: (caller, query) => listDeliveries(store, caller, query),
    resendDelivery: ({ tenant, application, requestId }, deliveryId) =>
      resendDelivery(store, {
        tenantId: tenant.id,
        deliveryId,
        actor: { kind: 'application', id: application.id },
        requestId,
      }),
  }
}
