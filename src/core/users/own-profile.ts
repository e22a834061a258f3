import { EXTENSION_PREFIX, isDefinableName, isExtension } from '../attributes/attribute-definition.ts'
import type { ProfileField } from './profile-fields.ts'
import type { User } from './user.ts'

/** What people see of themselves: no identity number, and nothing that is the administration's. */
export const shownFields = [
  'first_name',
  'middle_name',
  'last_name',
  'employee_id',
  'attr_city',
  'attr_nick_name',
  'attr_area',
  'attr_gender',
  'attr_work_place',
  'attr_birthday',
  'attr_hire_date',
] as const satisfies readonly ProfileField[]

/**
 * What a tenant may let people change themselves, beside attributes of its own. Never what signs in or is sent to, what
 * other systems know a person by (employee_id, external_id, identity number), nor what the employer decides.
 */
export const ownFields = [
  'first_name',
  'middle_name',
  'last_name',
  'attr_nick_name',
  'attr_gender',
  'attr_birthday',
  'attr_area',
  'attr_city',
  'attr_work_place',
] as const satisfies readonly ProfileField[]

export function canBeEditable(name: string): boolean {
  const isOwn = name === 'name' || ownFields.some((field) => field === name)
  return isOwn || (isExtension(name) && isDefinableName('users', name))
}

/** Attributes of the tenant's own that people may see, because they may change them. */
export function shownExtension(user: User, editable: readonly string[]): Readonly<Record<string, unknown>> {
  const shown = Object.entries(user.extension).filter(([key]) => editable.includes(EXTENSION_PREFIX + key))
  return Object.fromEntries(shown)
}

/** By the wire's names, what `shownFields` and the names and contacts of a person are. */
export function shownValues(user: User): Readonly<Record<string, string | undefined>> {
  return {
    user_id: user.id,
    user_name: user.userName,
    name: user.name,
    mobile: user.mobile,
    email: user.email,
    ...Object.fromEntries(shownFields.map((field) => [field, user.profile[field]])),
  }
}
