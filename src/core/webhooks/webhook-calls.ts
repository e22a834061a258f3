import type { Caller } from '../permissions/caller.ts'
import type { Delivery } from './webhook.ts'

export interface DeliveryQuery {
  /** As it arrived: anything but a state is REQUEST.9002. */
  readonly state: unknown
  readonly pageIndex: number
  readonly pageSize: number
}

/** What applications may ask about webhooks. Each throws ApiError with a code that its route declares. */
export interface WebhookCalls {
  /** Newest first. */
  listDeliveries(
    caller: Caller,
    query: DeliveryQuery,
  ): Promise<{ readonly total: number; readonly deliveries: readonly Delivery[] }>
  resendDelivery(caller: Caller, deliveryId: string): Promise<Delivery>
}
