import type { Store } from '../../store/store.ts'
import type { Core } from '../core.ts'
import { recordRefusedChanges } from '../permissions/record-refused-changes.ts'
import type { RandomBytes } from '../randomness.ts'
import { changePasswordWithOld } from './change-password-with-old.ts'
import { disableUser, enableUser } from './change-user-state.ts'
import { createUser } from './create-user.ts'
import { deleteUser } from './delete-user.ts'
import { findUser, findUserByEmail, findUserByUserName } from './find-user.ts'
import { listUsers } from './list-users.ts'
import { modifyUser } from './modify-user.ts'
import { type PasswordDeps, setPassword } from './set-password.ts'
import type { UserCalls } from './user-calls.ts'

type UserDeps = PasswordDeps & { readonly store: Store; readonly random: RandomBytes }

/** The operations on users with what they need already given; refused changes of protected people go on record. */
export function bindUserCalls(
  deps: UserDeps,
  resetPassword: Core['resetPassword'],
): UserCalls & Pick<Core, 'resetPassword'> {
  return {
    findUser: (caller, userId) => findUser(deps, caller, userId),
    findUserByUserName: (caller, userName) => findUserByUserName(deps, caller, userName),
    findUserByEmail: (caller, email) => findUserByEmail(deps, caller, email),
    listUsers: (caller, query) => listUsers(deps, caller, query),
    createUser: (caller, user) => createUser(deps, caller, user),
    ...recordRefusedChanges(deps.store, {
      modifyUser: (caller, userId, changes) => modifyUser(deps, caller, userId, changes),
      deleteUser: (caller, userId) => deleteUser(deps, caller, userId),
      enableUser: (caller, userId) => enableUser(deps.store, caller, userId),
      disableUser: (caller, userId) => disableUser(deps.store, caller, userId),
      setPassword: (caller, userId, change) => setPassword(deps, caller, userId, change),
      changePasswordWithOld: (caller, userId, change) => changePasswordWithOld(deps, caller, userId, change),
      resetPassword,
    }),
  }
}
