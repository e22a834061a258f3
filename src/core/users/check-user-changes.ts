import { ApiError } from '../../errors/api-error.ts'
import { complainOfText } from '../complain-of-text.ts'
import { isStorableExtension } from '../is-storable-extension.ts'
import { isEmailAddress } from './is-email-address.ts'
import { normaliseMobile } from './normalise-mobile.ts'
import { dateFields, type ProfileField } from './profile-fields.ts'
import type { UserChanges } from './user-calls.ts'

/** Characters. */
const USER_NAME_LENGTH_MAX = 128
const NAME_LENGTH_MAX = 255
const TEXT_LENGTH_MAX = 255
const RELATIONS_MAX = 100

/** `unknow` is spelled so in the sibling product of the contract (contract, section 2.1.1). */
const genders: readonly string[] = ['male', 'female', 'unknow']

/**
 * What each attribute has to be by itself, in the form in which it is stored; texts that are empty are none. Absent ones
 * stay absent.
 * @throws ApiError USER.9007 an empty user name, USER.0038 mobile, USER.9005 any other
 */
export function checkUserChanges(changes: UserChanges): UserChanges {
  const { userName, name, email, mobile, profile, extension, relations } = changes
  if (userName !== undefined && orNone(userName) === null) {
    throw new ApiError('USER.9007', { params: ['user_name'], detail: 'user_name' })
  }
  requireText('user_name', userName, USER_NAME_LENGTH_MAX)
  requireText('name', name, NAME_LENGTH_MAX)
  requireThat('email', orNone(email), isEmailAddress)
  if (relations && relations.length > RELATIONS_MAX) {
    throw invalid('user_org_relation_list')
  }
  if (extension && !isStorableExtension(extension)) {
    throw invalid('extension')
  }
  return {
    ...changes,
    ...(name === undefined ? {} : { name: orNone(name) }),
    ...(email === undefined ? {} : { email: orNone(email) }),
    ...(mobile === undefined ? {} : { mobile: readMobile(orNone(mobile)) }),
    ...(profile === undefined ? {} : { profile: readProfile(profile) }),
  }
}

function readMobile(mobile: string | null): string | null {
  const stored = mobile === null ? null : normaliseMobile(mobile)
  if (stored === undefined) {
    throw new ApiError('USER.0038', { detail: 'mobile' })
  }
  return stored
}

function readProfile(profile: NonNullable<UserChanges['profile']>): NonNullable<UserChanges['profile']> {
  const read = Object.entries(profile).map(([field, value]) => [
    field,
    readField(field as ProfileField, orNone(value)),
  ])
  return Object.fromEntries(read) as NonNullable<UserChanges['profile']>
}

function readField(field: ProfileField, value: string | null): string | null {
  requireText(field, value, TEXT_LENGTH_MAX)
  if (value !== null && dateFields.includes(field)) {
    return readDate(field, value)
  }
  if (field === 'attr_gender') {
    requireThat(field, value, (text) => genders.includes(text))
  }
  return value
}

/** The date alone; records write it with a time of zero, and what was read may be written back. */
function readDate(field: ProfileField, value: string): string {
  const [, date] = /^(\d{4}-\d\d-\d\d)(?: 00:00:00(?:\.0{1,3})?)?$/.exec(value) ?? []
  const at = date === undefined ? Number.NaN : Date.parse(`${date}T00:00:00.000Z`)
  // Date.parse takes February 30 for March 2
  if (date === undefined || Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date) {
    throw invalid(field)
  }
  return date
}

function requireText(name: string, value: string | null | undefined, lengthMax: number): void {
  requireThat(name, orNone(value), (text) => complainOfText(text, lengthMax, false) === undefined)
}

function requireThat(name: string, value: string | null, holds: (text: string) => boolean): void {
  if (value !== null && !holds(value)) {
    throw invalid(name)
  }
}

function orNone(text: string | null | undefined): string | null {
  return text === undefined || text === null || text.trim() === '' ? null : text
}

function invalid(name: string): ApiError {
  return new ApiError('USER.9005', { params: [name], detail: name })
}
