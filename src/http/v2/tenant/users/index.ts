import type { Route } from '../../../route.ts'
import { addAccount } from './add-account.ts'
import { changePassword } from './change-password.ts'
import { changePasswordVerify } from './change-password-verify.ts'
import { createUser } from './create-user.ts'
import { deleteUser } from './delete-user.ts'
import { disableUser } from './disable-user.ts'
import { enableUser } from './enable-user.ts'
import { getUser } from './get-user.ts'
import { listAccountsOfUser } from './list-accounts.ts'
import { listUsers } from './list-users.ts'
import { modifyUser } from './modify-user.ts'
import { restPassword } from './rest-password.ts'
import { userByEmail } from './user-by-email.ts'
import { userByUserName } from './user-by-username.ts'

/** Below `/api/v2/tenant/users`. */
export const userRoutes: readonly Route[] = [
  listUsers,
  createUser,
  userByUserName,
  userByEmail,
  getUser,
  modifyUser,
  deleteUser,
  enableUser,
  disableUser,
  changePassword,
  changePasswordVerify,
  restPassword,
  addAccount,
  listAccountsOfUser,
]
