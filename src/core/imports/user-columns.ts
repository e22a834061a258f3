import { ApiError } from '../../errors/api-error.ts'
import { EXTENSION_PREFIX } from '../attributes/attribute-definition.ts'
import { nearestWord } from '../tenant-file/nearest-word.ts'
import { profileFields } from '../users/profile-fields.ts'

/** Columns of a file of users by the wire's names, in the order in which they are written; extensions come behind. */
export const userColumns = [
  'user_name',
  'name',
  'mobile',
  'email',
  'org_code',
  'user_org_relation_list',
  ...profileFields,
  'pwd_must_modify',
  'disabled',
] as const

/** Taken, and never written. */
const PASSWORD = 'password'
/** What a file of refused rows has in addition; passed over, so that it can be corrected and imported as it is. */
export const faultColumns = ['error_line', 'error_field', 'error_code', 'error_text'] as const

const known: readonly string[] = [...userColumns, PASSWORD, ...faultColumns]

/** What keeps a header from being one of users; empty: nothing. */
export function complainOfHeader(header: readonly string[]): readonly string[] {
  const complaints: string[] = []
  for (const [index, name] of header.entries()) {
    const place = `column ${index + 1}`
    if (name === '') {
      complaints.push(`${place} has no name`)
    } else if (header.indexOf(name) !== index) {
      complaints.push(`${place}: ${quote(name)} is there twice`)
    } else if (!known.includes(name) && !isExtensionColumn(name)) {
      const nearest = nearestWord(name, known)
      const hint = nearest === undefined ? '' : `: did you mean ${nearest}?`
      complaints.push(`${place}: ${quote(name)} is no field of a user${hint}`)
    }
  }
  if (!header.includes('user_name')) {
    complaints.push('there is no column user_name')
  }
  const [only, ...others] = header
  const separator = others.length === 0 ? /[;\t]/.exec(only ?? '')?.[0] : undefined
  if (separator !== undefined) {
    return [`cells are separated by ${separator === '\t' ? 'tabs' : 'semicolons'}: save the file with commas`]
  }
  return complaints
}

export function isExtensionColumn(name: string): boolean {
  return name.startsWith(EXTENSION_PREFIX) && name.length > EXTENSION_PREFIX.length
}

function quote(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name)
}

/** @returns what refuses a row because of one cell */
export function cellError(field: string): ApiError {
  return new ApiError('USER.9005', { params: [field], detail: field })
}
