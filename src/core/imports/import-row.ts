import { ApiError } from '../../errors/api-error.ts'
import type { ErrorCode } from '../../errors/catalogue.ts'
import type { NewUser } from '../users/user-calls.ts'
import type { RowFault } from './user-import.ts'

/** What a row says of a user: everything that creation takes, and whether the user is disabled. */
export interface GivenUser extends NewUser {
  /** Absent: a new user is not, and others stay as they are. */
  readonly disabled?: boolean
}

/** One row as it was read; one that could not be is refused with the error. */
export interface ImportRow {
  /** Where it begins in its file, from 1. */
  readonly line: number | undefined
  readonly given: GivenUser | ApiError
}

export function toFault(error: ApiError, place: Pick<RowFault, 'row' | 'line'>): RowFault {
  return { ...place, field: fieldOf(error), code: error.code as ErrorCode, params: error.params }
}

/** Errors of users name the field as their detail; those of passwords and of protected people mean one. */
function fieldOf({ code, detail }: ApiError): string {
  if (code.startsWith('PWD.')) {
    return 'password'
  }
  return code === 'USER.9006' ? 'user_name' : (detail ?? '')
}

/** Codes with which a row is refused, while others go on; any other error ends the import. */
export function isRowFault(error: unknown): error is ApiError {
  return error instanceof ApiError && /^(?:USER|ORG|PWD|IMPORT)\./.test(error.code)
}
