import { Type } from 'typebox'
import { route } from '../../../route.ts'
import { DeliveryRecord, presentDelivery } from './delivery-schema.ts'

export const resendDelivery = route({
  method: 'POST',
  path: '/deliveries/:delivery_id/resend',
  permission: 'all',
  summary: 'Send an event to its webhook again, with the same webhook-id',
  params: Type.Object({ delivery_id: Type.String() }),
  answers: [200, 'WEBHOOK.9001'],
  success: DeliveryRecord,
  handle: async ({ core, caller, params }) => {
    const delivery = await core.resendDelivery(caller, params.delivery_id)
    return { body: presentDelivery(delivery, caller.tenant.timeZone) }
  },
})
