import type { Code, CodeRequest } from '../core/codes/code.ts'
import type { CodePurpose } from '../core/codes/code-purpose.ts'
import type { SendMode } from '../core/tenants/tenant.ts'

/** Over what a limit counts wishes for codes. */
export type CodeScope =
  | { readonly kind: 'contact'; readonly contactMac: string }
  | { readonly kind: 'address'; readonly addressMac: string }
  /** Codes that were made for this user. */
  | { readonly kind: 'user'; readonly userId: string }
  | { readonly kind: 'tenant' }

export interface CodeKey {
  readonly tenantId: string
  readonly userId: string
  readonly channel: SendMode
}

export interface CodeRequestRepository {
  insert(request: CodeRequest): Promise<void>
  /** Takes what has been due longest until `leaseUntil`, and counts the attempt; undefined: nothing is due. */
  claimOfAllTenants(now: number, leaseUntil: number): Promise<CodeRequest | undefined>
  /** Counts for this user from now on. False: it was claimed anew or is settled. */
  assign(claimed: CodeRequest, userId: string): Promise<boolean>
  /** Nothing has left: due again at `dueAt`. False: as above. */
  putOff(claimed: CodeRequest, dueAt: number): Promise<boolean>
  /** Settled: the contact is forgotten, the row goes on counting. False: as above. */
  finish(claimed: CodeRequest): Promise<boolean>
  /** When the n-th newest (from 1) in this scope was made; undefined: fewer than n were after `since`. */
  findNthNewest(tenantId: string, scope: CodeScope, since: number, n: number): Promise<number | undefined>
  /** Until the transaction ends nobody else holds this scope: what is counted afterwards stays counted. */
  lockScope(tenantId: string, scope: CodeScope): Promise<void>
  deleteOldOfAllTenants(before: number, limit: number): Promise<number>
}

export interface CodeRepository {
  /** The user's one code of this channel and purpose; an earlier one is dead. */
  put(code: Code): Promise<void>
  /** Counts one guess on each of these codes that live, and returns those: one statement whether there are any or not. */
  countTry(
    key: CodeKey,
    purposes: readonly CodePurpose[],
    triesMax: number,
    now: number,
  ): Promise<readonly Code[]>
  /** Those that live, however often they were guessed. */
  find(key: CodeKey, purposes: readonly CodePurpose[], now: number): Promise<readonly Code[]>
  /** Removes the code if it still is this one and lives. False: somebody was faster. */
  consume(code: Code, now: number): Promise<boolean>
  deleteExpiredOfAllTenants(now: number, limit: number): Promise<number>
}
