import type { ResetCall } from '../core.ts'
import type { Secret } from '../secret.ts'
import type { UserWithCredential } from '../users/user.ts'
import type { Reset } from './reset-state.ts'
import type { ResetIdentity } from './share-reset.ts'

/** One call on its way through the workflow. */
export interface ResetRun {
  readonly call: ResetCall
  readonly identity: ResetIdentity
  /** The caller's Idempotency-Key, if it sent one. */
  readonly key?: KeyOfCall | undefined
  /** Monotonic: the call is answered by then. */
  readonly deadlineMonotonicMs: number
}

/** What is kept of an Idempotency-Key (reset protocol, rule 10). */
export interface KeyOfCall {
  readonly applicationId: string
  readonly mac: string
  readonly fingerprint: string
}

/** A new password with the hash that stands for it; the secret itself lives in memory until it is handed over. */
export interface NewPassword {
  readonly secret: Secret
  readonly digest: string
  readonly salt: string
  readonly parameters: string
}

/** A reset in state `prepared`, and what this call knows beside its row. */
export interface OpenedReset {
  readonly kind: 'opened'
  readonly reset: Reset
  readonly user: UserWithCredential
  /** Where the message goes: the user's own contact, as it was under the lock. */
  readonly address: string
  /** The user's third unused reset of a day. */
  readonly isStorm: boolean
  /** End of the lease on the clock that cannot jump. */
  readonly leaseMonotonicMs: number
}

/** What this call holds of the reset while it is in flight. */
export interface ResetFlight {
  readonly run: ResetRun
  readonly opened: OpenedReset
  /** The row as this call last wrote it: carries the lease token, which is the fence of every further write. */
  reset: Reset
  /** How many attempts have been recorded. */
  attempts: number
  /** The token of an attempt whose COMMIT was in doubt: the row carries this one or `reset.leaseToken`. */
  tokenInDoubt: string | undefined
  /** The attempt recorded last was let through to hand the body over: only its outcome tells whether it was taken. */
  mayHaveLeft: boolean
}

/** Who the record names for what this call does. */
export function resetActor(run: ResetRun): {
  readonly kind: 'application' | 'operator'
  readonly id: string | undefined
} {
  return run.call.applicationId === undefined
    ? { kind: 'operator', id: undefined }
    : { kind: 'application', id: run.call.applicationId }
}
