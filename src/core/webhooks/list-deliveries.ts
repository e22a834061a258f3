import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { requirePage } from '../require-page.ts'
import { type Delivery, deliveryStates } from './webhook.ts'
import type { DeliveryQuery } from './webhook-calls.ts'

/**
 * One page of the tenant's deliveries in a state, newest first.
 * @throws ApiError OAP.PAGE.0002, OAP.PAGE.0003; REQUEST.9002 no such state
 */
export async function listDeliveries(
  { read }: Pick<Store, 'read'>,
  { tenant }: Caller,
  { state: wanted, ...page }: DeliveryQuery,
): Promise<{ readonly total: number; readonly deliveries: readonly Delivery[] }> {
  const state = deliveryStates.find((one) => one === wanted)
  if (state === undefined) {
    throw new ApiError('REQUEST.9002', { params: ['state'], detail: 'state' })
  }
  requirePage(page)
  return await read.webhookDeliveries.listPage(tenant.id, state, page)
}
