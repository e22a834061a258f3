import { ApiError } from '../../errors/api-error.ts'
import { DuplicateError } from '../../errors/store-error.ts'

/** @throws ApiError ORG.9001 another organisation of the tenant has the code */
export async function refuseTakenCode<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    if (error instanceof DuplicateError && error.constraint === 'organizations_code') {
      throw new ApiError('ORG.9001', { detail: 'code' })
    }
    throw error
  }
}
