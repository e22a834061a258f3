import { ApiError } from '../../errors/api-error.ts'
import { DuplicateError } from '../../errors/store-error.ts'

const codes = {
  users_user_name: { code: 'USER.9002', field: 'user_name' },
  users_mobile: { code: 'USER.9003', field: 'mobile' },
  users_email: { code: 'USER.9004', field: 'email' },
} as const

/** @throws ApiError USER.9002, USER.9003, USER.9004 another user of the tenant has the name, mobile number or address */
export async function refuseTaken<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing
  } catch (error) {
    if (error instanceof DuplicateError && error.constraint in codes) {
      const { code, field } = codes[error.constraint as keyof typeof codes]
      throw new ApiError(code, { detail: field })
    }
    throw error
  }
}
