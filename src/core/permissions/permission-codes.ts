/** API permission codes (contract, section 1). */
export const permissionCodes = [
  'user_all',
  'user_read',
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
