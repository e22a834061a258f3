import { ApiError } from '../../errors/api-error.ts'
import type { Repositories, SignInFailures } from '../../store/store.ts'
import { MINUTE_MS, SECOND_MS } from '../clock.ts'
import type { SignInSettings, Tenant } from '../tenants/tenant.ts'

/** Where a subject stands now: what is older than the lock-out time is forgotten. */
export interface FailureStanding {
  readonly subject: string
  readonly failedCount: number
  readonly lastFailedAt: number
  /** In the future; undefined: not locked. */
  readonly lockedUntil: number | undefined
  /** Whether there is a row to clear. */
  readonly isStored: boolean
}

const USER_SUBJECT = 'user:'

export function subjectOfUser(userId: string): string {
  return `${USER_SUBJECT}${userId}`
}

/** Undefined: a name that nobody has. */
export function userOfSubject(subject: string): string | undefined {
  return subject.startsWith(USER_SUBJECT) ? subject.slice(USER_SUBJECT.length) : undefined
}

/** The subject must be locked already, a user by the user's row: the count is read and written back. */
export async function readStanding(
  repositories: Pick<Repositories, 'signInFailures'>,
  tenant: Tenant,
  subject: string,
  now: number,
): Promise<FailureStanding> {
  const failures = await repositories.signInFailures.find(tenant.id, subject)
  return standingOf(subject, failures, tenant.settings.signIn, now)
}

function standingOf(
  subject: string,
  failures: SignInFailures | undefined,
  settings: SignInSettings,
  now: number,
): FailureStanding {
  if (failures === undefined) {
    return { subject, failedCount: 0, lastFailedAt: 0, lockedUntil: undefined, isStored: false }
  }
  const { failedCount, lastFailedAt, lockedUntil } = failures
  const isRecent = lastFailedAt > now - settings.lockMinutes * MINUTE_MS
  if (lockedUntil === undefined) {
    return { subject, failedCount: isRecent ? failedCount : 0, lastFailedAt, lockedUntil, isStored: true }
  }
  // a lock that is over has paid for the failures that led to it
  return lockedUntil > now
    ? { subject, failedCount, lastFailedAt, lockedUntil, isStored: true }
    : { subject, failedCount: 0, lastFailedAt, lockedUntil: undefined, isStored: true }
}

/** Writes one more wrong password down. True afterwards: it counts, and the last one allowed has locked. */
export async function countFailure(
  repositories: Pick<Repositories, 'signInFailures'>,
  tenant: Tenant,
  standing: FailureStanding,
  now: number,
): Promise<FailureStanding> {
  const { attemptsMax, lockMinutes } = tenant.settings.signIn
  const failedCount = standing.failedCount + 1
  const lockedUntil = failedCount >= attemptsMax ? now + lockMinutes * MINUTE_MS : undefined
  await repositories.signInFailures.put({
    tenantId: tenant.id,
    subject: standing.subject,
    failedCount,
    lastFailedAt: now,
    lockedUntil,
  })
  return { subject: standing.subject, failedCount, lastFailedAt: now, lockedUntil, isStored: true }
}

/**
 * Leaves the count as it is, with as many statements as `countFailure`: the time of the answer must not tell that a
 * password was not counted.
 */
export async function countNothing(
  repositories: Pick<Repositories, 'signInFailures'>,
  tenant: Tenant,
  standing: FailureStanding,
): Promise<void> {
  const { subject, failedCount, lastFailedAt, lockedUntil } = standing
  if (standing.isStored) {
    const same = { tenantId: tenant.id, subject, failedCount, lastFailedAt, lockedUntil }
    await repositories.signInFailures.put(same)
  } else {
    await repositories.signInFailures.clear(tenant.id, subject)
  }
}

export async function clearFailures(
  repositories: Pick<Repositories, 'signInFailures'>,
  tenant: Tenant,
  standing: FailureStanding,
): Promise<void> {
  if (standing.isStored) {
    await repositories.signInFailures.clear(tenant.id, standing.subject)
  }
}

/** What a wrong password is answered: the lock if there is one, else how many attempts are left. */
export function wrongPassword(
  code: 'SDK.LOGIN.1005' | 'SDK.SMS.1005' | 'PWD.9001',
  tenant: Tenant,
  standing: FailureStanding,
  now: number,
): ApiError {
  if (standing.lockedUntil !== undefined) {
    const secondsLeft = Math.ceil((standing.lockedUntil - now) / SECOND_MS)
    return new ApiError('SDK.LOGIN.1003', { params: [Math.floor(secondsLeft / 60), secondsLeft % 60] })
  }
  // a limit lowered meanwhile may already be passed; the next wrong password locks
  const remaining = Math.max(1, tenant.settings.signIn.attemptsMax - standing.failedCount)
  return new ApiError(code, { params: [remaining] })
}
