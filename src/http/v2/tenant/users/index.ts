import type { Route } from '../../../route.ts'
import { disableUser } from './disable-user.ts'
import { enableUser } from './enable-user.ts'
import { getUser } from './get-user.ts'
import { listUsers } from './list-users.ts'
import { restPassword } from './rest-password.ts'
import { userByUserName } from './user-by-username.ts'

/** Below `/api/v2/tenant/users`. */
export const userRoutes: readonly Route[] = [
  listUsers,
  userByUserName,
  getUser,
  enableUser,
  disableUser,
  restPassword,
]
