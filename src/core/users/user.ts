import type { Language, SendMode } from '../tenants/tenant.ts'
import type { ProfileField } from './profile-fields.ts'

/** An organisation that a user belongs to, the main one among them if it was named so. */
export interface OrganizationRelation {
  readonly organizationId: string
  /** As it was sent: sources disagree on what it means (contract, section 7). */
  readonly relationType: number
}

export interface User {
  readonly tenantId: string
  readonly id: string
  readonly userName: string
  readonly name: string
  readonly email: string | undefined
  /** `+{country code}-{number}` (contract, section 0). */
  readonly mobile: string | undefined
  /** When each contact last became another one; absent: not since the user was created. The store keeps it. */
  readonly contactChangedAt: Readonly<Partial<Record<SendMode, number>>>
  /** The main organisation. */
  readonly organizationId: string | undefined
  /** In the order they were sent; the main organisation need not be among them. */
  readonly relations: readonly OrganizationRelation[]
  readonly language: Language | undefined
  /** IANA name: times in messages are said in it; undefined: the tenant's. */
  readonly timeZone: string | undefined
  readonly profile: Readonly<Partial<Record<ProfileField, string>>>
  readonly extension: Readonly<Record<string, unknown>>
  readonly administratorRole: string | undefined
  readonly disabled: boolean
  readonly mustChangePassword: boolean
  readonly passwordChangedAt: number | undefined
  readonly lastSignInAt: number | undefined
  readonly lastSignInAddress: string | undefined
  /** When "this was not me" last froze the user (`core/reset/disown-reset.ts`): it has dealt with everything of before. */
  readonly frozenAt: number | undefined
  readonly createdAt: number
  readonly updatedAt: number
}

/** What may sign a user in. Salt and parameters outlive a voided password (reset protocol, rule 6). */
export interface Credential {
  /** Base64. Present from the user's creation on. */
  readonly salt: string
  /** Kind and cost of hashes under this salt, e.g. `argon2id$m=19456,t=2,p=1`. */
  readonly parameters: string
  /**
   * Base64, made with salt and parameters. Or a hash that was imported, which begins with `$` and has salt and cost of its
   * own inside (`password/imported-hash.ts`); salt and parameters then are for resets. Undefined: the user has no password.
   */
  readonly digest: string | undefined
  /** The reset whose password this is; undefined: chosen by the user, or set otherwise. */
  readonly resetId: string | undefined
  /** Grows with every change of what may sign in (rule 9). */
  readonly version: number
}

export interface UserWithCredential extends User {
  readonly credential: Credential
}
