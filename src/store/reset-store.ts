import type { Reset, ResetState } from '../core/reset/reset-state.ts'
import type { ResetLimitsStore } from './reset-limits-store.ts'
import type { ResetRetentionStore } from './reset-retention-store.ts'

/** Columns of a reset that may change; `undefined` as a value clears the column, an absent key leaves it. */
export type ResetChanges = {
  readonly [K in
    | 'state'
    | 'digest'
    | 'leaseToken'
    | 'leaseExpiresAt'
    | 'detail'
    | 'gateway'
    | 'settledAt'
    | 'acceptedAt'
    | 'promotedAt'
    | 'usedAt'
    | 'disownedAt']?: Reset[K] | undefined
}

export interface ResetAttempt {
  readonly tenantId: string
  readonly resetId: string
  /** From 1. */
  readonly ordinal: number
  readonly gateway: string
  readonly startedAt: number
  readonly endedAt: number | undefined
  readonly outcome: string | undefined
  readonly reason: string | undefined
  /** Scrubbed, ≤ 200 characters. */
  readonly reply: string | undefined
}

export interface ResetRepository extends ResetLimitsStore, ResetRetentionStore {
  find(tenantId: string, resetId: string): Promise<Reset | undefined>
  /** The one in `prepared` or `sending`. */
  findInFlight(tenantId: string, userId: string): Promise<Reset | undefined>
  /** Open ones, newest first. */
  listOpen(tenantId: string, userId: string): Promise<readonly Reset[]>
  /** All of a user, newest first. */
  list(tenantId: string, userId: string, limit: number): Promise<readonly Reset[]>
  /** @throws DuplicateError `resets_in_flight` when the user has one in flight */
  insert(reset: Reset): Promise<void>
  /** Compare-and-set: changes the row only if its state (and lease token, when given) is as expected; whether it did. */
  change(
    tenantId: string,
    resetId: string,
    expected: { readonly states: readonly ResetState[]; readonly leaseToken?: string | undefined },
    changes: ResetChanges,
  ): Promise<boolean>
  /** Erases the digests of superseded and expired resets of a user beyond the newest `keep`. */
  forgetOldSecrets(tenantId: string, userId: string, keep: number): Promise<void>
  insertAttempt(attempt: ResetAttempt): Promise<void>
  endAttempt(
    tenantId: string,
    resetId: string,
    ordinal: number,
    end: Pick<ResetAttempt, 'endedAt' | 'outcome' | 'reason' | 'reply'>,
  ): Promise<void>
  listAttempts(tenantId: string, resetId: string): Promise<readonly ResetAttempt[]>
  /** In flight with a lease that ended before `now`. */
  listExpiredLeasesOfAllTenants(now: number, limit: number): Promise<readonly Reset[]>
  /** `unknown`, `accepted` or `used` with a deadline before `now`. */
  listPastDeadlineOfAllTenants(now: number, limit: number): Promise<readonly Reset[]>
  /** Erases digests of superseded and expired resets whose deadline is before `before`; how many. */
  forgetSecretsOfAllTenants(before: number, limit: number): Promise<number>
}
