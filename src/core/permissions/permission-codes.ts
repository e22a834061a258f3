/** API permission codes (contract, section 1); `user_reset` is ours. */
export const permissionCodes = [
  'user_all',
  'user_read',
  'user_reset',
  'org_all',
  'org_read',
  'account_all',
  'account_read',
  'app_org_all',
  'app_org_read',
  'all',
  'read',
] as const
export type PermissionCode = (typeof permissionCodes)[number]

export function isPermissionCode(word: string): word is PermissionCode {
  return (permissionCodes as readonly string[]).includes(word)
}
