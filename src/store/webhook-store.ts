import type { Delivery, DeliveryState, Webhook, WebhookKey } from '../core/webhooks/webhook.ts'
import type { StoredAuditRow } from './audit-chain-store.ts'

/** What the tenant file says of a webhook. */
export type WebhookConfiguration = Pick<
  Webhook,
  'tenantId' | 'name' | 'url' | 'events' | 'secretSealed' | 'secretPreviousSealed' | 'timeoutMs'
>

/** A webhook that has not looked at the newest sealed rows of its tenant's record. */
export interface WebhookBehind {
  readonly webhook: Webhook
  /** Of the newest sealed row. */
  readonly headSequence: number
  /** Rows up to this one were removed by retention. */
  readonly removedSequence: number
}

export interface WebhookRepository {
  /** By name. */
  list(tenantId: string): Promise<readonly Webhook[]>
  find(key: WebhookKey): Promise<Webhook | undefined>
  /** It begins with what is sealed from now on. */
  insert(webhook: WebhookConfiguration, createdAt: number): Promise<void>
  /** Of this name as given. Another address is another receiver: it is on afterwards. */
  update(webhook: WebhookConfiguration): Promise<void>
  /** With everything that was on its way to it. */
  delete(key: WebhookKey): Promise<void>
  /** In the order of tenants and names. */
  listOfAllTenants(after: WebhookKey | undefined, limit: number): Promise<readonly Webhook[]>
  /** The same, of those that are on and behind. */
  listBehindOfAllTenants(after: WebhookKey | undefined, limit: number): Promise<readonly WebhookBehind[]>
  /** Those that are on and have something due, at most `limit`. */
  listDueOfAllTenants(now: number, limit: number): Promise<readonly Webhook[]>
  /**
   * Sealed rows with one of these actions and a sequence in `after` … `until`, in order. With their sequences, without
   * their digests.
   */
  listSealed(
    tenantId: string,
    span: { readonly after: number; readonly until: number },
    actions: readonly string[],
    limit: number,
  ): Promise<readonly (StoredAuditRow & { readonly sequence: number })[]>
  /** From where it stands. False: another process has moved it, or it is off or gone; nothing changed. */
  advance(webhook: Webhook, to: number, missedRows: number): Promise<boolean>
  /** False: it was off already, or is gone. */
  switchOff(key: WebhookKey, reason: string, at: number): Promise<boolean>
  /** False: it was on already. */
  switchOn(key: WebhookKey): Promise<boolean>
  noteSuccess(key: WebhookKey, at: number): Promise<void>
  noteFailure(key: WebhookKey, failure: string, at: number): Promise<void>
}

export interface DeliveryCounts {
  readonly waiting: number
  readonly givenUp: number
  /** When the event happened that has waited longest. */
  readonly oldestWaitingAt: number | undefined
}

export interface WebhookDeliveryRepository {
  insert(deliveries: readonly Delivery[]): Promise<void>
  find(tenantId: string, id: string): Promise<Delivery | undefined>
  /** Counts up to `countMax` of each kind. */
  count(key: WebhookKey, countMax: number): Promise<DeliveryCounts>
  /** Whether at least `count` are waiting. */
  areWaiting(key: WebhookKey, count: number): Promise<boolean>
  /** Newest first. */
  listPage(
    tenantId: string,
    state: DeliveryState,
    page: { readonly pageIndex: number; readonly pageSize: number },
  ): Promise<{ readonly total: number; readonly deliveries: readonly Delivery[] }>
  /** Given up by this webhook, oldest first. */
  listGivenUp(key: WebhookKey, afterId: string, limit: number): Promise<readonly Delivery[]>
  /** Takes what has been due longest until `leaseUntil`, at most `limit`, and counts the attempts. */
  claim(
    key: WebhookKey,
    p: { readonly now: number; readonly leaseUntil: number; readonly limit: number },
  ): Promise<readonly Delivery[]>
  /** As the attempt left it. False: it was claimed anew, or is gone. */
  settle(claimed: Delivery, after: SettledDelivery): Promise<boolean>
  /** Waits again, from the first attempt on. False: it is waiting already, or gone. */
  requeue(tenantId: string, id: string, dueAt: number): Promise<boolean>
  /** Those whose time is over. */
  deleteOldOfAllTenants(before: number, limit: number): Promise<number>
}

export type SettledDelivery = Pick<
  Delivery,
  'state' | 'dueAt' | 'lastAttemptAt' | 'lastStatus' | 'lastReason' | 'removeAt'
> & { readonly attempts?: number }
