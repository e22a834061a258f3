import { Type } from 'typebox'
import { formatTime } from '../../../../core/tenants/format-time.ts'
import { type Delivery, deliveryStates } from '../../../../core/webhooks/webhook.ts'

const nullableText = (description: string, example: string) =>
  Type.Union([Type.String(), Type.Null()], { description, examples: [example] })

export const DeliveryRecord = Type.Object(
  {
    id: Type.String({
      description: 'Sent as webhook-id: the same for every attempt',
      examples: ['20201028102855012-19D4-7FA03C6B1'],
    }),
    webhook: Type.String({ description: 'Its name in the tenant file', examples: ['hr'] }),
    event: Type.String({ examples: ['user.created'] }),
    occurred_at: Type.String({ description: 'When it happened, in the zone of the tenant' }),
    state: Type.Enum([...deliveryStates], { examples: ['given_up'] }),
    attempts: Type.Integer({ description: 'Since it last began to wait', examples: [10] }),
    last_attempt_at: nullableText('In the zone of the tenant', '2026-01-31 08:15:00.000'),
    last_status: Type.Union([Type.Integer(), Type.Null()], {
      description: 'HTTP status of the last answer',
      examples: [500],
    }),
    last_reason: nullableText('Why the last attempt failed: a stable word', 'status'),
    next_attempt_at: nullableText('In the zone of the tenant', '2026-01-31 08:15:00.000'),
  },
  { additionalProperties: false },
)

export function presentDelivery(delivery: Delivery, timeZone: string) {
  const time = (at: number | undefined) => (at === undefined ? null : formatTime(at, timeZone))
  return {
    id: delivery.id,
    webhook: delivery.webhook,
    event: delivery.event,
    occurred_at: formatTime(delivery.occurredAt, timeZone),
    state: delivery.state,
    attempts: delivery.attempts,
    last_attempt_at: time(delivery.lastAttemptAt),
    last_status: delivery.lastStatus ?? null,
    last_reason: delivery.lastReason ?? null,
    next_attempt_at: time(delivery.dueAt),
  }
}
