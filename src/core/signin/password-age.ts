import { ApiError } from '../../errors/api-error.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts'
import type { PasswordPolicy } from '../tenants/tenant.ts'
import type { UserWithCredential } from '../users/user.ts'

/** `expiring`: within the days of warning before the policy ends it. */
export type PasswordAge = 'good' | 'expiring' | 'expired'

/** How the policy sees the age of an own password: 0 days set no end. */
export function passwordAge(policy: PasswordPolicy, user: UserWithCredential, now: number): PasswordAge {
  if (policy.maximumAgeDays === 0) {
    return 'good'
  }
  const endsAt = (user.passwordChangedAt ?? user.createdAt) + policy.maximumAgeDays * DAY_MS
  if (now >= endsAt) {
    return 'expired'
  }
  return now >= endsAt - policy.warnDays * DAY_MS ? 'expiring' : 'good'
}

/**
 * Why the user may not change the password yet. A password that must be changed, or that the user did not choose, has
 * no minimum age (reset protocol, rule 13).
 */
export function refuseForMinimumAge(
  policy: PasswordPolicy,
  user: UserWithCredential,
  now: number,
): ApiError | undefined {
  const { passwordChangedAt, mustChangePassword, credential } = user
  const isOwn = credential.digest !== undefined && credential.resetId === undefined && !mustChangePassword
  const freeAt = (passwordChangedAt ?? 0) + policy.minimumAgeHours * HOUR_MS
  if (!isOwn || now >= freeAt || passwordAge(policy, user, now) === 'expired') {
    return undefined
  }
  const minutes = Math.ceil((freeAt - now) / MINUTE_MS)
  return new ApiError('PWD.9004', {
    detail: 'minimum_age',
    params: [Math.floor(minutes / 60), minutes % 60],
    retryAfterSeconds: Math.ceil((freeAt - now) / SECOND_MS),
  })
}
