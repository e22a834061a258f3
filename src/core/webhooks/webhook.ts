/** Somebody else's system that is told of events. */
export interface Webhook {
  readonly tenantId: string
  readonly name: string
  readonly url: string
  /** Names of events, and patterns such as `reset.*`. */
  readonly events: readonly string[]
  /** Open under `webhookContext`. */
  readonly secretSealed: string
  /** Signs too, while a receiver changes to the new one. */
  readonly secretPreviousSealed: string | undefined
  readonly timeoutMs: number
  readonly createdAt: number
  /** Of the newest audit row that was looked at for it. */
  readonly walkedSequence: number
  /** Audit rows that retention had removed before they were looked at. */
  readonly missedRows: number
  /** Nothing is sent, and the record is not walked; both go on from there when it is on again. */
  readonly off: { readonly at: number; readonly reason: string } | undefined
  readonly lastSuccessAt: number | undefined
  readonly lastFailure: { readonly at: number; readonly reason: string } | undefined
}

export type WebhookKey = Pick<Webhook, 'tenantId' | 'name'>

export const deliveryStates = ['waiting', 'given_up', 'delivered'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** One event on its way to one webhook. */
export interface Delivery {
  readonly tenantId: string
  /** Sent as `webhook-id`: the same for every attempt. */
  readonly id: string
  readonly webhook: string
  readonly event: string
  /** What is sent and signed, letter by letter. */
  readonly payload: string
  readonly occurredAt: number
  readonly state: DeliveryState
  /** Sent then or later; while it is being sent, the end of the sender's lease. Undefined: not any more. */
  readonly dueAt: number | undefined
  /** How often it was claimed since it last began to wait; who settles it names the number. */
  readonly attempts: number
  readonly lastAttemptAt: number | undefined
  /** HTTP status of the last answer. */
  readonly lastStatus: number | undefined
  readonly lastReason: string | undefined
  /** When the row goes; undefined while it waits. */
  readonly removeAt: number | undefined
}

/** Whose secret is sealed: moved to another webhook it does not open. */
export function webhookContext({ tenantId, name }: WebhookKey): string {
  return `webhook:${tenantId}:${name}`
}

export const WEBHOOKS_PER_TENANT_MAX = 10
