import { ApiError } from '../../errors/api-error.ts'
import { complainOfText } from '../complain-of-text.ts'
import { isStorableExtension } from '../is-storable-extension.ts'
import type { AccountChanges } from './account-calls.ts'

/** Characters. */
const NAME_LENGTH_MAX = 255

/**
 * What each attribute has to be by itself; absent ones are fine.
 * @throws ApiError APP.ACCOUNT.9001 the account's name, APP.ACCOUNT.9002 another attribute
 */
export function checkAccount({ accountName, name, extension }: AccountChanges): void {
  if (accountName !== undefined && complainOfText(accountName, NAME_LENGTH_MAX, false) !== undefined) {
    throw new ApiError('APP.ACCOUNT.9001', { detail: 'account_name' })
  }
  if (typeof name === 'string' && complainOfText(name, NAME_LENGTH_MAX, false) !== undefined) {
    throw new ApiError('APP.ACCOUNT.9002', { params: ['name'], detail: 'name' })
  }
  if (extension && !isStorableExtension(extension)) {
    throw new ApiError('APP.ACCOUNT.9002', { params: ['extension'], detail: 'extension' })
  }
}
