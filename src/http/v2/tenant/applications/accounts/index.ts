import type { Route } from '../../../../route.ts'
import { addBasicAccount } from './add-basic-account.ts'
import { addMemberRole } from './add-member-role.ts'
import { addPublicAccount } from './add-public-account.ts'
import { bindPublicAccountUsers } from './bind-public-account-users.ts'
import { deleteAccount } from './delete-account.ts'
import { disableAccount } from './disable-account.ts'
import { enableAccount } from './enable-account.ts'
import { getAccount } from './get-account.ts'
import { getAccountPermissions } from './get-account-permissions.ts'
import { listAccountPermissions } from './list-account-permissions.ts'
import { listAccounts } from './list-accounts.ts'
import { listPublicAccountUsers } from './list-public-account-users.ts'
import { modifyAccount } from './modify-account.ts'
import { unbindPublicAccountUsers } from './unbind-public-account-users.ts'

/** Below `/api/v2/tenant/applications`. */
export const accountRoutes: readonly Route[] = [
  listAccounts,
  addBasicAccount,
  addPublicAccount,
  listPublicAccountUsers,
  bindPublicAccountUsers,
  unbindPublicAccountUsers,
  listAccountPermissions,
  getAccountPermissions,
  getAccount,
  modifyAccount,
  enableAccount,
  disableAccount,
  deleteAccount,
  addMemberRole,
]
