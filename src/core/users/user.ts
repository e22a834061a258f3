import type { Language, SendMode } from '../tenants/tenant.ts'

/** The text attributes of the contract's user record that nothing here acts on (contract, section 2.1.1), by wire name. */
export const profileFields = [
  'first_name',
  'middle_name',
  'last_name',
  'employee_id',
  'external_id',
  'attr_city',
  'attr_nick_name',
  'attr_area',
  'attr_gender',
  'attr_work_place',
  'attr_identity_type',
  'attr_identity_number',
  'attr_manager_id',
  'attr_birthday',
  'attr_user_type',
  'attr_hire_date',
] as const
export type ProfileField = (typeof profileFields)[number]
/** Stored as `yyyy-MM-dd`. */
export const dateFields: readonly ProfileField[] = ['attr_birthday', 'attr_hire_date']

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
  readonly profile: Readonly<Partial<Record<ProfileField, string>>>
  readonly extension: Readonly<Record<string, unknown>>
  readonly administratorRole: string | undefined
  readonly disabled: boolean
  readonly mustChangePassword: boolean
  readonly passwordChangedAt: number | undefined
  readonly lastSignInAt: number | undefined
  readonly lastSignInAddress: string | undefined
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
