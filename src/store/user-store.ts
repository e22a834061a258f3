import type { ResetState } from '../core/reset/reset-state.ts'
import type { Credential, User, UserWithCredential } from '../core/users/user.ts'

export interface UserFilter {
  /** The main organisation. */
  readonly organizationId?: string
  /** Strictly later, Unix milliseconds. */
  readonly updatedAfter?: number
}

/** `locked` and `lockedUntil` come from the sign-in failures. */
export interface UserView extends User {
  readonly locked: boolean
}

export interface UserRepository {
  find(tenantId: string, userId: string): Promise<UserView | undefined>
  /** By the normalised name. */
  findByUserName(tenantId: string, userName: string): Promise<UserView | undefined>
  /** By the normalised address. */
  findByEmail(tenantId: string, email: string): Promise<UserView | undefined>
  /**
   * Ordered by id; with `updatedAfter`: the newest change first, so that what changes between two pages never hides
   * somebody from the second. `pageIndex` from 0.
   */
  list(
    tenantId: string,
    filter: UserFilter,
    page: { readonly pageIndex: number; readonly pageSize: number },
  ): Promise<{ readonly total: number; readonly users: readonly UserView[] }>
  /** All of a tenant, in id order, for `apply`; `afterId` pages through them. */
  listWithCredentials(
    tenantId: string,
    afterId: string | undefined,
    limit: number,
  ): Promise<readonly UserWithCredential[]>
  /** Whose each key is; keys that nobody has are absent. */
  findOwners(
    tenantId: string,
    kind: keyof UserKeys,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, string>>
  /** In id order, those behind `afterId`; of one main organisation, or all. */
  listAfter(
    tenantId: string,
    page: {
      readonly organizationId: string | undefined
      readonly afterId: string
      readonly limit: number
    },
  ): Promise<readonly User[]>
  findWithCredential(tenantId: string, userId: string): Promise<UserWithCredential | undefined>
  /** Takes the user's row lock (first in the lock order) and reads it. */
  lock(tenantId: string, userId: string): Promise<UserWithCredential | undefined>
  /** The same of several, in one order; who is gone is absent. */
  lockAll(tenantId: string, userIds: readonly string[]): Promise<readonly UserWithCredential[]>
  /**
   * Time of a change of a record: later than that of every change that was committed before. No other transaction gets
   * one before this one ends, so it comes after every other lock.
   */
  claimChangeTime(tenantId: string): Promise<number>
  insert(user: UserWithCredential): Promise<void>
  /** As `insert`, of one tenant. */
  insertAll(users: readonly UserWithCredential[]): Promise<void>
  /** Enabled users who have no password at all; counted up to `limit`. */
  countWithoutPasswordOfAllTenants(limit: number): Promise<number>
  /** All with an administrative role. */
  listAdministrators(tenantId: string): Promise<readonly User[]>
  /**
   * Replaces everything of User but the credential, createdAt and the sign-in facts; a contact that is another one
   * afterwards has changed now, by the store's clock.
   */
  update(user: User): Promise<void>
  delete(tenantId: string, userId: string): Promise<void>
  /** "This was not me" froze the user at that moment. */
  setFrozen(tenantId: string, userId: string, at: number): Promise<void>
  setDisabled(tenantId: string, userId: string, disabled: boolean, updatedAt: number): Promise<void>
  /**
   * Replaces digest, reset id and must-change (salt and parameters when given); the version has grown by one.
   * Returns the new version.
   */
  replaceCredential(tenantId: string, userId: string, change: CredentialChange): Promise<number>
  /** The same password under another salt: nothing else of the credential changes, nor does the version. */
  rehashCredential(
    tenantId: string,
    userId: string,
    rehashed: { readonly digest: string; readonly salt: string; readonly parameters: string },
  ): Promise<void>
  /** The version has grown by one and nothing else changed. */
  bumpCredentialVersion(tenantId: string, userId: string): Promise<number>
  /** Next number of the user's resets; call under the lock. */
  nextResetSequence(tenantId: string, userId: string): Promise<number>
  recordSignIn(tenantId: string, userId: string, at: number, address: string | undefined): Promise<void>
  /** Puts the present password, if any, into the history, and keeps the newest `keep`; call before replaceCredential. */
  rememberPassword(tenantId: string, userId: string, replacedAt: number, keep: number): Promise<void>
  /** Newest first; salt in base64, digest as in `Credential`. */
  listPasswordHistory(
    tenantId: string,
    userId: string,
    limit: number,
  ): Promise<readonly Pick<Credential & { readonly digest: string }, 'digest' | 'salt' | 'parameters'>[]>
  /**
   * User, credential, the secrets that may be tried, and the clock, in one statement (rule 13). The name is tried as
   * user name, then as e-mail address, then as mobile number; keys come from `core/users/sign-in-keys.ts`.
   */
  findForSignIn(tenantId: string, keys: SignInKeys): Promise<SignInView | undefined>
  /** The same by user id, for paths that know who it is. */
  findForSignInById(tenantId: string, userId: string): Promise<SignInView | undefined>
}

export interface CredentialChange {
  /** Base64, or an imported hash; undefined: no password. */
  readonly digest: string | undefined
  readonly resetId: string | undefined
  readonly mustChangePassword: boolean
  readonly changedAt: number
  readonly salt?: string
  readonly parameters?: string
}

/** What no two users of a tenant share, in the forms that are compared. */
export interface UserKeys {
  readonly userName: string
  readonly email: string
  readonly mobile: string
}

export interface SignInKeys {
  readonly userNameKey: string
  readonly emailKey: string
  /** Undefined: what was typed is no phone number. */
  readonly mobile: string | undefined
}

/** A reset whose digest is still known: redeemable ones, the one that is the current password, and those only recognised. */
export interface SignInSecret {
  readonly resetId: string
  readonly sequence: number
  readonly state: ResetState
  readonly digest: string
  readonly deadlineAt: number
  readonly promotedAt: number | undefined
}

export interface SignInView {
  readonly user: UserWithCredential
  /** Newest first. */
  readonly secrets: readonly SignInSecret[]
  readonly now: number
}
