import { ApiError } from '../../errors/api-error.ts'

/**
 * The user, if there is one and they are enabled.
 * @throws ApiError USER.0001 nobody, USER.9001 disabled
 */
export function requireEnabled<U extends { readonly disabled: boolean }>(user: U | undefined): U {
  if (user === undefined) {
    throw new ApiError('USER.0001')
  }
  if (user.disabled) {
    throw new ApiError('USER.9001')
  }
  return user
}
