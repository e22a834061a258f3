import type { Reset } from '../core/reset/reset-state.ts'

/** Over what a limit of several users counts. */
export type LimitScope =
  | { readonly kind: 'destination'; readonly destinationMac: string }
  | { readonly kind: 'application'; readonly applicationId: string }
  /** Every SMS of the tenant. */
  | { readonly kind: 'sms' }

/** What limits ask of the rows of resets. */
export interface ResetLimitsStore {
  /** Of a user, prepared after `since`, newest first. */
  listRecent(tenantId: string, userId: string, since: number, limit: number): Promise<readonly Reset[]>
  /**
   * When the n-th newest reset (from 1) that counts in this scope was prepared; undefined: fewer than n were prepared
   * after `since`. Every reset counts but those that failed.
   */
  findNthNewest(tenantId: string, scope: LimitScope, since: number, n: number): Promise<number | undefined>
  /** Until the transaction ends nobody else holds this scope: what is counted afterwards stays counted. */
  lockScope(tenantId: string, scope: LimitScope): Promise<void>
}
