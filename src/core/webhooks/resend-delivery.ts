import type { AuditActor } from '../../audit/audit-row.ts'
import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { Delivery } from './webhook.ts'

interface Resending {
  readonly tenantId: string
  readonly actor: AuditActor
  readonly requestId: string
}

/**
 * Sends an event again, with the same id and from the first attempt on. One that still waits stays as it is, so that a
 * repeated call changes nothing.
 * @throws ApiError WEBHOOK.9001 there is no such delivery
 */
export async function resendDelivery(
  store: Pick<Store, 'transaction'>,
  { tenantId, deliveryId, ...by }: Resending & { readonly deliveryId: string },
): Promise<Delivery> {
  if (!isStorableText(deliveryId)) {
    throw new ApiError('WEBHOOK.9001')
  }
  return await store.transaction(async (repositories) => {
    const { webhookDeliveries, audit } = repositories
    const before = await webhookDeliveries.find(tenantId, deliveryId)
    if (before === undefined) {
      throw new ApiError('WEBHOOK.9001')
    }
    if (await webhookDeliveries.requeue(tenantId, deliveryId, await repositories.now())) {
      await audit.append({
        ...by,
        tenantId,
        action: 'webhook.resent',
        targetKind: 'webhook',
        targetId: before.webhook,
        detail: { deliveries: 1, delivery: deliveryId },
      })
    }
    return (await webhookDeliveries.find(tenantId, deliveryId)) ?? before
  })
}

/** Small enough that no writer waits. */
const BATCH_MAX = 200

/** Sends everything again that this webhook's receiver did not take; how many. */
export async function resendGivenUp(
  store: Store,
  { tenantId, webhook, ...by }: Resending & { readonly webhook: string },
): Promise<number> {
  let resent = 0
  let afterId = ''
  for (;;) {
    const givenUp = await store.read.webhookDeliveries.listGivenUp(
      { tenantId, name: webhook },
      afterId,
      BATCH_MAX,
    )
    resent += await store.transaction(async (repositories) => {
      const now = await repositories.now()
      let count = 0
      for (const { id } of givenUp) {
        count += (await repositories.webhookDeliveries.requeue(tenantId, id, now)) ? 1 : 0
      }
      if (count > 0) {
        await repositories.audit.append({
          ...by,
          tenantId,
          action: 'webhook.resent',
          targetKind: 'webhook',
          targetId: webhook,
          detail: { deliveries: count },
        })
      }
      return count
    })
    afterId = givenUp.at(-1)?.id ?? ''
    if (givenUp.length < BATCH_MAX) {
      return resent
    }
  }
}
