import type { Route } from '../../../route.ts'
import { listDeliveries } from './list-deliveries.ts'
import { resendDelivery } from './resend-delivery.ts'

/** Below `/api/v2/tenant/webhooks`: ours, the contract has none. */
export const webhookRoutes: readonly Route[] = [listDeliveries, resendDelivery]
