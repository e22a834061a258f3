import { formatTime } from '../../../../core/tenants/format-time.ts'
import { profileFields } from '../../../../core/users/user.ts'
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
    ...Object.fromEntries(profileFields.map((field) => [field, user.profile[field]])),
    pwd_must_modify: user.mustChangePassword,
    pwd_change_at: time(user.passwordChangedAt),
    disabled: user.disabled,
    locked: user.locked,
    grade: TRUST_LEVEL,
    created_at: time(user.createdAt),
    updated_at: time(user.updatedAt),
    last_login_ip: user.lastSignInAddress,
    last_login_at: time(user.lastSignInAt),
    user_org_relation_list:
      organizationId === undefined ? [] : [{ org_id: organizationId, relation_type: MAIN_ORGANIZATION }],
    extension: { ...user.extension },
  })
}

type WithoutAbsent<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

function withoutAbsent<T extends object>(record: T): WithoutAbsent<T> {
  const present = Object.entries(record).filter(([, value]) => value !== undefined)
  return Object.fromEntries(present) as WithoutAbsent<T>
}
