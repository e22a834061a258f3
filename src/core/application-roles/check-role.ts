import { ApiError } from '../../errors/api-error.ts'
import { complainOfText } from '../complain-of-text.ts'

/** Characters. */
const CODE_LENGTH_MAX = 100
const NAME_LENGTH_MAX = 255

/** @throws ApiError APP.ROLE.9003 */
export function checkRoleCode(code: string): void {
  if (complainOfText(code, CODE_LENGTH_MAX, false) !== undefined) {
    throw new ApiError('APP.ROLE.9003', { detail: 'code' })
  }
}

/** @throws ApiError APP.ROLE.9004 */
export function checkRoleName(name: string | null): void {
  if (name !== null && complainOfText(name, NAME_LENGTH_MAX, false) !== undefined) {
    throw new ApiError('APP.ROLE.9004', { detail: 'name' })
  }
}
