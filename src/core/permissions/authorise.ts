import { ApiError } from '../../errors/api-error.ts'
import type { PermissionCode } from './permission-codes.ts'

/**
 * The one place that says no to an application. Writes need `<group>_all` or `all`; reads need `<group>_all`,
 * `<group>_read`, `all` or `read` (contract, section 1). A reset needs a write of users, or `user_reset`, which lets nothing
 * else through.
 * @throws ApiError insufficient_scope, naming every code that would do
 */
export function authorise(granted: readonly PermissionCode[], needed: PermissionCode): void {
  const sufficient = sufficientCodes[needed]
  if (!granted.some((code) => sufficient.includes(code))) {
    throw new ApiError('insufficient_scope', { params: [sufficient.join(', ')] })
  }
}

/** Every code that is enough where `needed` is. */
export function codesThatDo(needed: PermissionCode): readonly PermissionCode[] {
  return sufficientCodes[needed]
}

const sufficientCodes: Readonly<Record<PermissionCode, readonly PermissionCode[]>> = {
  user_all: ['user_all', 'all'],
  user_read: ['user_all', 'user_read', 'all', 'read'],
  user_reset: ['user_reset', 'user_all', 'all'],
  org_all: ['org_all', 'all'],
  org_read: ['org_all', 'org_read', 'all', 'read'],
  account_all: ['account_all', 'all'],
  account_read: ['account_all', 'account_read', 'all', 'read'],
  app_org_all: ['app_org_all', 'all'],
  app_org_read: ['app_org_all', 'app_org_read', 'all', 'read'],
  all: ['all'],
  read: ['all', 'read'],
}
