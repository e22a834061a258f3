import type { Store } from '../../store/store.ts'
import type { RandomBytes } from '../randomness.ts'
import type { AccountCalls } from './account-calls.ts'
import { createBasicAccount } from './create-basic-account.ts'
import { createPublicAccount } from './create-public-account.ts'
import { deleteAccount } from './delete-account.ts'
import { findAccount } from './find-account.ts'
import { listAccounts, listAccountsOfUser } from './list-accounts.ts'
import { modifyAccount } from './modify-account.ts'
import {
  addUsersToPublicAccount,
  listUsersOfPublicAccount,
  removeUsersFromPublicAccount,
} from './public-account-users.ts'

/** The operations on accounts with what they need already given. */
export function bindAccountCalls(deps: {
  readonly store: Store
  readonly random: RandomBytes
}): AccountCalls {
  return {
    createBasicAccount: (caller, owner, account) => createBasicAccount(deps, caller, owner, account),
    createPublicAccount: (caller, applicationId, account) =>
      createPublicAccount(deps, caller, applicationId, account),
    modifyAccount: (caller, id, changes) => modifyAccount(deps, caller, id, changes),
    deleteAccount: (caller, id) => deleteAccount(deps, caller, id),
    findAccount: (caller, id) => findAccount(deps, caller, id),
    listAccounts: (caller, query) => listAccounts(deps, caller, query),
    listAccountsOfUser: (caller, userId, page) => listAccountsOfUser(deps, caller, userId, page),
    listUsersOfPublicAccount: (caller, query) => listUsersOfPublicAccount(deps, caller, query),
    addUsersToPublicAccount: (caller, id, names) => addUsersToPublicAccount(deps, caller, id, names),
    removeUsersFromPublicAccount: (caller, id, names) =>
      removeUsersFromPublicAccount(deps, caller, id, names),
  }
}
