import { ApiError } from '../../errors/api-error.ts'
import { DuplicateError } from '../../errors/store-error.ts'

/** @throws ApiError APP.ACC.0013 another account of the application has the name */
export async function refuseTakenName<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    if (error instanceof DuplicateError && error.constraint === 'accounts_name') {
      throw new ApiError('APP.ACC.0013', { detail: 'account_name' })
    }
    throw error
  }
}
