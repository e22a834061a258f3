import { profileFields } from './profile-fields.ts'
import type { User } from './user.ts'
import type { UserChanges } from './user-calls.ts'

/** The record with what is given, and the rest as it was; organisations apart, which `placeUser` finds. */
export function withChanges<U extends User>(before: U, changes: UserChanges): U {
  const userName = changes.userName ?? before.userName
  return {
    ...before,
    userName,
    name: changes.name === null ? userName : (changes.name ?? before.name),
    email: settle(changes.email, before.email),
    mobile: settle(changes.mobile, before.mobile),
    profile: withoutNone({ ...before.profile, ...changes.profile }),
    extension: changes.extension === null ? {} : withoutNone({ ...before.extension, ...changes.extension }),
    mustChangePassword: changes.mustChangePassword ?? before.mustChangePassword,
  }
}

/** Which fields differ, by the wire's names. */
export function changedFields(before: User, after: User): readonly string[] {
  const [old, wanted] = [fieldsOf(before), fieldsOf(after)]
  return Object.keys(old).filter((name) => JSON.stringify(old[name]) !== JSON.stringify(wanted[name]))
}

function fieldsOf(user: User): Readonly<Record<string, unknown>> {
  return {
    user_name: user.userName,
    name: user.name,
    email: user.email,
    mobile: user.mobile,
    org_code: user.organizationId,
    user_org_relation_list: user.relations,
    ...Object.fromEntries(profileFields.map((field) => [field, user.profile[field]])),
    pwd_must_modify: user.mustChangePassword,
    extension: user.extension,
  }
}

function settle<T>(given: T | null | undefined, before: T | undefined): T | undefined {
  return given === undefined ? before : (given ?? undefined)
}

type Kept<T> = { readonly [K in keyof T]: Exclude<T[K], null> }

function withoutNone<T extends object>(attributes: T): Kept<T> {
  // a key such as __proto__ stays a key
  const kept = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(kept) as Kept<T>
}
