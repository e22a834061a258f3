import { ApiError } from '../../errors/api-error.ts'
import type { Repositories } from '../../store/store.ts'
import { EXTENSION_PREFIX } from '../attributes/attribute-definition.ts'
import { type AttributeValues, extensionValues, findAttributeFault } from '../attributes/check-attributes.ts'
import { keepUnique } from '../attributes/keep-unique.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { profileFields } from './profile-fields.ts'
import type { User } from './user.ts'
import type { UserChanges } from './user-calls.ts'

/**
 * What the tenant asks of a user's attributes.
 * @param changes what the call names; undefined: a new user
 * @throws ApiError USER.0011, USER.0012, USER.9007 one that must be there, USER.0038, USER.9005 one that is not as defined
 */
export function requireDefined(tenant: Tenant, after: User, changes: UserChanges | undefined): void {
  const { users: definitions } = tenant.settings.attributes
  const given = changes && namesIn(changes, after)
  const fault = findAttributeFault(definitions, userValues(after), given)
  if (fault === undefined) {
    return
  }
  const { name, reason } = fault
  const isContact = name === 'mobile' || name === 'email'
  if (reason === 'empty' && isContact) {
    throw new ApiError(name === 'mobile' ? 'USER.0011' : 'USER.0012', { detail: name })
  }
  if (reason === 'invalid' && name === 'mobile') {
    throw new ApiError('USER.0038', { detail: name })
  }
  throw new ApiError(reason === 'empty' ? 'USER.9007' : 'USER.9005', { params: [name], detail: name })
}

/** @throws ApiError USER.9008 a value is another user's; call as `keepUnique` says */
export async function keepUserUnique(repositories: Repositories, tenant: Tenant, user: User): Promise<void> {
  const values = userValues(user)
  const taken = await keepUnique(repositories, { tenant, kind: 'users', ownerId: user.id, values })
  if (taken !== undefined) {
    throw new ApiError('USER.9008', { params: [taken], detail: taken })
  }
}

export function userValues(user: User): AttributeValues {
  const own = { user_name: user.userName, name: user.name, email: user.email, mobile: user.mobile }
  const profile = profileFields.map((field) => [field, user.profile[field]] as const)
  const present = [...Object.entries(own), ...profile].filter(([, value]) => value !== undefined)
  return new Map<string, unknown>([...present, ...extensionValues(user.extension)])
}

function namesIn(changes: UserChanges, after: User): ReadonlySet<string> {
  const { extension } = changes
  const keys = Object.keys(extension === null ? after.extension : (extension ?? {}))
  return new Set([
    ...(changes.userName === undefined ? [] : ['user_name']),
    ...(changes.name === undefined ? [] : ['name']),
    ...(changes.email === undefined ? [] : ['email']),
    ...(changes.mobile === undefined ? [] : ['mobile']),
    ...Object.keys(changes.profile ?? {}),
    ...keys.map((key) => EXTENSION_PREFIX + key),
  ])
}
