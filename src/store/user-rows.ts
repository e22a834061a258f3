import type { Language } from '../core/tenants/tenant.ts'
import { normaliseKey } from '../core/users/normalise-key.ts'
import type { Credential, User, UserWithCredential } from '../core/users/user.ts'
import { flag, known, orNull } from './row-values.ts'
import type { UserTable } from './tables.ts'

export const userColumns = [
  'users.tenant_id',
  'users.id',
  'users.user_name',
  'users.name',
  'users.email',
  'users.mobile',
  'users.email_changed_at',
  'users.mobile_changed_at',
  'users.organization_id',
  'users.relations_json',
  'users.language',
  'users.time_zone',
  'users.profile_json',
  'users.extension_json',
  'users.administrator_role',
  'users.disabled',
  'users.must_change_password',
  'users.password_changed_at',
  'users.last_sign_in_at',
  'users.last_sign_in_address',
  'users.frozen_at',
  'users.created_at',
  'users.updated_at',
] as const

export const credentialColumns = [
  'users.credential_salt',
  'users.credential_parameters',
  'users.credential_digest',
  'users.credential_reset_id',
  'users.credential_version',
] as const

type WithoutTable<C extends string> = C extends `users.${infer Name}` ? Name : never
export type UserRow = Pick<UserTable, WithoutTable<(typeof userColumns)[number]>>
export type CredentialRow = Pick<UserTable, WithoutTable<(typeof credentialColumns)[number]>>

export function toUser(row: UserRow): User {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    userName: row.user_name,
    name: row.name,
    email: known(row.email),
    mobile: known(row.mobile),
    contactChangedAt: {
      ...(row.email_changed_at === null ? {} : { EMAIL: row.email_changed_at }),
      ...(row.mobile_changed_at === null ? {} : { SMS: row.mobile_changed_at }),
    },
    organizationId: known(row.organization_id),
    relations: JSON.parse(row.relations_json) as User['relations'],
    language: known(row.language) as Language | undefined,
    timeZone: known(row.time_zone),
    profile: JSON.parse(row.profile_json) as User['profile'],
    extension: JSON.parse(row.extension_json) as User['extension'],
    administratorRole: known(row.administrator_role),
    disabled: row.disabled === 1,
    mustChangePassword: row.must_change_password === 1,
    passwordChangedAt: known(row.password_changed_at),
    lastSignInAt: known(row.last_sign_in_at),
    lastSignInAddress: known(row.last_sign_in_address),
    frozenAt: known(row.frozen_at),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function toUserWithCredential(row: UserRow & CredentialRow): UserWithCredential {
  const credential: Credential = {
    salt: row.credential_salt,
    parameters: row.credential_parameters,
    digest: known(row.credential_digest),
    resetId: known(row.credential_reset_id),
    version: row.credential_version,
  }
  return { ...toUser(row), credential }
}

export function toUserRow(user: UserWithCredential): Omit<UserTable, 'reset_sequence'> {
  return {
    tenant_id: user.tenantId,
    id: user.id,
    ...toProfileRow(user),
    email_changed_at: orNull(user.contactChangedAt.EMAIL),
    mobile_changed_at: orNull(user.contactChangedAt.SMS),
    must_change_password: flag(user.mustChangePassword),
    password_changed_at: orNull(user.passwordChangedAt),
    last_sign_in_at: orNull(user.lastSignInAt),
    last_sign_in_address: orNull(user.lastSignInAddress),
    frozen_at: orNull(user.frozenAt),
    created_at: user.createdAt,
    credential_salt: user.credential.salt,
    credential_parameters: user.credential.parameters,
    credential_digest: orNull(user.credential.digest),
    credential_reset_id: orNull(user.credential.resetId),
    credential_version: user.credential.version,
  }
}

/** What an administrator's change of the user's record may touch. */
export function toProfileRow(user: User) {
  return {
    user_name: user.userName,
    user_name_key: normaliseKey(user.userName),
    name: user.name,
    email: orNull(user.email),
    email_key: user.email === undefined ? null : normaliseKey(user.email),
    mobile: orNull(user.mobile),
    organization_id: orNull(user.organizationId),
    relations_json: JSON.stringify(user.relations),
    language: orNull(user.language),
    time_zone: orNull(user.timeZone),
    profile_json: JSON.stringify(user.profile),
    extension_json: JSON.stringify(user.extension),
    administrator_role: orNull(user.administratorRole),
    disabled: flag(user.disabled),
    updated_at: user.updatedAt,
  } satisfies Partial<UserTable>
}
