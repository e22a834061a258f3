import { Type } from 'typebox'
import { deliveryStates } from '../../../../core/webhooks/webhook.ts'
import { lenient } from '../../../lenient.ts'
import { route } from '../../../route.ts'
import { pageFields, readPage } from '../read-page.ts'
import { DeliveryRecord, presentDelivery } from './delivery-schema.ts'

const ListQuery = Type.Object({
  state: Type.Optional(
    lenient(
      Type.Enum([...deliveryStates], {
        description: 'Absent: given_up, what no attempt could deliver',
        examples: ['given_up'],
      }),
    ),
  ),
  offset: pageFields.offset,
  limit: pageFields.limit,
})

export const listDeliveries = route({
  method: 'GET',
  path: '/deliveries',
  permission: 'read',
  summary: 'List events on their way to webhooks, a page at a time, newest first',
  query: ListQuery,
  answers: [200, 'OAP.PAGE.0002', 'OAP.PAGE.0003', 'REQUEST.9002'],
  success: Type.Object(
    { total: Type.Integer(), deliveries: Type.Array(DeliveryRecord) },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, query }) => {
    const { timeZone } = caller.tenant
    const { pageIndex, pageSize } = readPage(query, timeZone)
    const state = query.state ?? 'given_up'
    const { total, deliveries } = await core.listDeliveries(caller, { state, pageIndex, pageSize })
    return { body: { total, deliveries: deliveries.map((one) => presentDelivery(one, timeZone)) } }
  },
})
