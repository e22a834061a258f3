import { formatTime } from '../../../../core/tenants/format-time.ts'
import { dateFields, type ProfileField, profileFields } from '../../../../core/users/profile-fields.ts'
import type { UserView } from '../../../../store/store.ts'

const TRUST_LEVEL = 1 // the contract's `grade`; its only known value
const MAIN_ORGANIZATION = 1 // the contract's samples mark the main organisation so

/** A user as the contract writes it (section 2.1.2), times in the tenant's zone. */
export function presentUser(user: UserView, timeZone: string) {
  const time = (at: number | undefined) => (at === undefined ? undefined : formatTime(at, timeZone))
  const organizationId = user.organizationId
  return withoutAbsent({
    user_id: user.id,
    org_id: organizationId,
    user_name: user.userName,
    name: user.name,
    mobile: user.mobile,
    email: user.email,
    ...Object.fromEntries(profileFields.map((field) => [field, presentField(field, user.profile[field])])),
    pwd_must_modify: user.mustChangePassword,
    pwd_change_at: time(user.passwordChangedAt),
    disabled: user.disabled,
    locked: user.locked,
    grade: TRUST_LEVEL,
    created_at: time(user.createdAt),
    updated_at: time(user.updatedAt),
    last_login_ip: user.lastSignInAddress,
    last_login_at: time(user.lastSignInAt),
    user_org_relation_list: presentRelations(user),
    extension: { ...user.extension },
  })
}

/** What was sent, and the main organisation if it was not among it. */
function presentRelations({ organizationId, relations }: UserView) {
  const isNamed = relations.some((relation) => relation.organizationId === organizationId)
  const sent = relations.map((each) => ({ org_id: each.organizationId, relation_type: each.relationType }))
  return organizationId === undefined || isNamed
    ? sent
    : [{ org_id: organizationId, relation_type: MAIN_ORGANIZATION }, ...sent]
}

/** Dates are written as times, as the vendor does (contract, section 0). */
function presentField(field: ProfileField, value: string | undefined): string | undefined {
  const isDate = dateFields.includes(field) && value !== undefined && /^\d{4}-\d\d-\d\d$/.test(value)
  return isDate ? `${value} 00:00:00.000` : value
}

type WithoutAbsent<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

function withoutAbsent<T extends object>(record: T): WithoutAbsent<T> {
  const present = Object.entries(record).filter(([, value]) => value !== undefined)
  return Object.fromEntries(present) as WithoutAbsent<T>
}
