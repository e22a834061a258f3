import { ApiError } from '../../errors/api-error.ts'
import type { LimitScope } from '../../store/reset-limits-store.ts'
import type { Repositories } from '../../store/store.ts'
import { DAY_MS, HOUR_MS } from '../clock.ts'
import type { ResetLimits } from '../tenants/tenant.ts'
import type { Reset } from './reset-state.ts'
import type { ResetIdentity } from './share-reset.ts'

const FAILED_PER_USER_PER_HOUR_MAX = 30
/** The unused reset of a day that raises `reset.storm`. */
const STORM_AT = 3
// more than a day's resets and failures of one user can be: the largest `per_user_per_day`, and 24 × 30 that failed
const RECENT_RESETS_MAX = 2_000
// nearer than this to a limit of many users, resets are counted one after another (decision 0011)
const HELD_DISTANCE = 100

export interface LimitCheck extends ResetIdentity {
  readonly limits: ResetLimits
  readonly destinationMac: string
  readonly now: number
  /** In the `prepared` transaction, under the user's lock. Otherwise a look ahead, before anything is computed. */
  readonly isHeld: boolean
}

/**
 * Refuses a reset that would be one too many (reset protocol, "Limits"). What is in flight counts, and what reached a
 * gateway or may have; only `failed` gives its place back. Tells whether the reset is a user's third unused of a day.
 * @throws ApiError MSG.9001 with the limit as detail, and the time after which there is room again
 */
export async function requireWithinLimits(
  repositories: Pick<Repositories, 'resets'>,
  check: LimitCheck,
): Promise<{ readonly isStorm: boolean }> {
  const { tenantId, userId, now, limits } = check
  const recent = await repositories.resets.listRecent(tenantId, userId, now - DAY_MS, RECENT_RESETS_MAX)
  requireUserWithin(check, recent)
  const { destinationMac, applicationId, sendMode } = check
  await requireScopeWithin(repositories, check, 'destination_hour', HOUR_MS, limits.perDestinationPerHour, {
    kind: 'destination',
    destinationMac,
  })
  if (applicationId !== undefined) {
    await requireScopeWithin(repositories, check, 'application_hour', HOUR_MS, limits.perApplicationPerHour, {
      kind: 'application',
      applicationId,
    })
  }
  if (sendMode === 'SMS') {
    await requireScopeWithin(repositories, check, 'sms_day', DAY_MS, limits.smsPerDay, { kind: 'sms' })
  }
  return { isStorm: isStorm(recent) }
}

/** Exact: the user's lock is held. */
function requireUserWithin({ now, limits, applicationId }: LimitCheck, recent: readonly Reset[]): void {
  const counted = recent.filter((reset) => reset.state !== 'failed')
  const ofApplication = counted.filter((reset) => reset.applicationId === applicationId)
  const failed = recent.filter((reset) => reset.state === 'failed')
  const sources = [
    // an operator is no application, and has no hour of its own
    ['user_hour', HOUR_MS, limits.perUserPerHour, applicationId === undefined ? [] : ofApplication],
    ['user_day', DAY_MS, limits.perUserPerDay, counted],
    ['user_failed_hour', HOUR_MS, FAILED_PER_USER_PER_HOUR_MAX, failed],
  ] as const
  for (const [detail, windowMs, max, resets] of sources) {
    const oldest = resets[max - 1]
    if (oldest !== undefined && oldest.preparedAt > now - windowMs) {
      throw tooMany(detail, oldest.preparedAt + windowMs - now)
    }
  }
}

/**
 * Resets of other users run at the same time, and a transaction sees none that has not committed. So near the limit
 * they count one after another; far from it nobody waits.
 */
async function requireScopeWithin(
  { resets }: Pick<Repositories, 'resets'>,
  { tenantId, now, isHeld }: LimitCheck,
  detail: string,
  windowMs: number,
  max: number,
  scope: LimitScope,
): Promise<void> {
  const since = now - windowMs
  if (isHeld) {
    const near = max - HELD_DISTANCE
    if (near > 0 && (await resets.findNthNewest(tenantId, scope, since, near)) === undefined) {
      return
    }
    await resets.lockScope(tenantId, scope)
  }
  const oldest = await resets.findNthNewest(tenantId, scope, since, max)
  if (oldest !== undefined) {
    throw tooMany(detail, oldest + windowMs - now)
  }
}

/** Once for each time that two unused ones are there: further attempts at the third, which failed, say nothing again. */
function isStorm(recent: readonly Reset[]): boolean {
  const unused = recent.filter((reset) => reset.state !== 'failed' && reset.usedAt === undefined)
  return unused.length === STORM_AT - 1 && recent[0]?.state !== 'failed'
}

function tooMany(detail: string, waitMs: number): ApiError {
  return new ApiError('MSG.9001', { detail, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) })
}
