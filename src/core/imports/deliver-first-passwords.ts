import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import { MINUTE_MS, SECOND_MS } from '../clock.ts'
import type { Core } from '../core.ts'
import { type PeriodicJob, runPeriodically } from '../run-periodically.ts'
import { awaitsFirstPassword } from '../tenant-file/plan-tenant-changes.ts'
import type { FirstPassword } from './first-password.ts'
import type { UserImport } from './user-import.ts'

export interface DeliverDeps {
  readonly store: Store
  readonly resetPassword: Core['resetPassword']
  readonly newRequestId: () => string
  readonly onTrouble: (trouble: { readonly userId: string; readonly cause: unknown }) => void
}

/** How often each node looks whether somebody's turn has come. */
const INTERVAL_MS = SECOND_MS
/** A node that was busy may catch up with so much; the pace is slower by as much, so that no minute has more than its budget. */
const CATCH_UP_MS = 2 * SECOND_MS
/** Far longer than a reset takes: whoever lets it run out is dead. */
const LEASE_MS = 2 * MINUTE_MS
const DELIVERIES_AT_ONCE = 4
/** A run comes to its end, so that a stop does not wait for a queue. */
const DELIVERIES_PER_RUN_MAX = 200
/** Ever later: an hour after the twelfth time, six and a half in all. Then it is reported as failed. */
const RETRY_MS = 5 * MINUTE_MS
const ATTEMPTS_MAX = 12

/** Delivers first passwords in the background. A stop waits for the ones that are leaving, and for none after them. */
export function startFirstPasswordJob(deps: DeliverDeps, onFailure: (cause: unknown) => void): PeriodicJob {
  return runPeriodically(INTERVAL_MS, (isStopping) => deliverFirstPasswords(deps, isStopping), onFailure)
}

/**
 * Has the reset engine make and deliver the first passwords whose turn has come, each claimed before, outside any
 * transaction. Never more a minute than their import may, on any number of nodes. Each person gets one message at most:
 * what the history of resets knows of an attempt that was interrupted decides. How many were claimed.
 */
export async function deliverFirstPasswords(
  deps: DeliverDeps,
  isStopping: () => boolean = () => false,
): Promise<number> {
  let claimed = 0
  const work = async () => {
    while (claimed < DELIVERIES_PER_RUN_MAX && !isStopping()) {
      const next = await claimNext(deps.store)
      if (next === undefined) {
        return
      }
      if (next !== 'looked') {
        claimed += 1
        await deliver(deps, next)
      }
    }
  }
  await Promise.all(Array.from({ length: DELIVERIES_AT_ONCE }, work))
  return claimed
}

interface Claimed {
  readonly userImport: UserImport
  readonly firstPassword: FirstPassword
}

/** Undefined: nobody's turn has come. `looked`: the import's next turn is known now, and it is a later one, or none. */
async function claimNext(store: Store): Promise<Claimed | 'looked' | undefined> {
  return await store.transaction(async ({ userImports, firstPasswords, now: readNow }) => {
    const now = await readNow()
    const userImport = await userImports.lockDueOfAllTenants(now)
    if (userImport === undefined) {
      return undefined
    }
    const { tenantId, id, perMinute, nextDeliveryAt = now } = userImport
    const firstPassword = await firstPasswords.claim(tenantId, id, now, now + LEASE_MS)
    if (firstPassword === undefined) {
      await userImports.setNextDelivery(tenantId, id, await firstPasswords.findNextDue(tenantId, id))
      return 'looked'
    }
    const paceMs = (MINUTE_MS + CATCH_UP_MS) / perMinute
    const turn = Math.max(nextDeliveryAt, now - CATCH_UP_MS)
    await userImports.setNextDelivery(tenantId, id, Math.ceil(turn + paceMs))
    return { userImport, firstPassword }
  })
}

type End =
  | Pick<FirstPassword, 'state' | 'reason'>
  | { readonly state: 'put_off'; readonly reason: string; readonly waitMs: number; readonly isOfAll: boolean }

async function deliver(deps: DeliverDeps, { userImport, firstPassword }: Claimed): Promise<void> {
  const end = await tryDelivery(deps, userImport, firstPassword)
  await deps.store.transaction(async ({ userImports, firstPasswords, now: readNow }) => {
    const now = await readNow()
    if (end.state !== 'put_off') {
      await firstPasswords.settle(firstPassword, { ...end, at: now })
    } else if (firstPassword.attempts >= ATTEMPTS_MAX && !end.isOfAll) {
      await firstPasswords.settle(firstPassword, { state: 'failed', reason: end.reason, at: now })
    } else {
      await firstPasswords.putOff(
        firstPassword,
        now + end.waitMs * (end.isOfAll ? 1 : firstPassword.attempts),
        end.reason,
      )
      if (end.isOfAll) {
        await userImports.setNextDelivery(userImport.tenantId, userImport.id, now + end.waitMs)
      }
    }
  })
}

async function tryDelivery(
  deps: DeliverDeps,
  { applicationId }: UserImport,
  { tenantId, userId, sendMode }: FirstPassword,
): Promise<End> {
  const { read } = deps.store
  const [tenant, user] = [
    await read.tenants.find(tenantId),
    await read.users.findWithCredential(tenantId, userId),
  ]
  if (tenant === undefined || user === undefined) {
    return { state: 'not_needed', reason: 'user_removed' }
  }
  if (user.disabled) {
    return { state: 'failed', reason: 'USER.9001' }
  }
  if (!(await awaitsFirstPassword(read, user))) {
    return await readHistory(deps, user)
  }
  try {
    const requestId = deps.newRequestId()
    await deps.resetPassword({ tenant, applicationId, requestId, userId, sendMode })
    return { state: 'delivered', reason: undefined }
  } catch (cause) {
    if (cause instanceof ApiError) {
      return endOf(cause)
    }
    deps.onTrouble({ userId, cause })
    return { state: 'put_off', reason: 'internal_error', waitMs: RETRY_MS, isOfAll: false }
  }
}

/** Somebody else gave a password, or an attempt of ours was interrupted: its reset knows what became of the message. */
async function readHistory(
  { store: { read } }: DeliverDeps,
  user: {
    readonly tenantId: string
    readonly id: string
    readonly credential: { readonly digest: string | undefined }
  },
): Promise<End> {
  const [newest] = await read.resets.list(user.tenantId, user.id, 1)
  switch (newest?.state) {
    case undefined:
    case 'failed':
      return { state: 'not_needed', reason: 'has_password' }
    case 'prepared':
    case 'sending':
      return { state: 'put_off', reason: 'MSG.9002', waitMs: MINUTE_MS, isOfAll: false }
    case 'unknown':
      return { state: 'failed', reason: 'MSG.0001 (delivery_unknown)' }
    case 'accepted':
    case 'used':
    case 'completed':
      return { state: 'delivered', reason: undefined }
    case 'superseded':
    case 'expired':
      return user.credential.digest === undefined
        ? { state: 'failed', reason: `reset_${newest.state}` }
        : { state: 'not_needed', reason: 'has_password' }
  }
}

/** Limits and gateways that are away may be waited for; what is wrong with the person is not. */
function endOf(error: ApiError): End {
  const { code, detail, message: reason, retryAfterSeconds = 0 } = error
  const waitMs = Math.max(retryAfterSeconds * SECOND_MS, code === 'MSG.9002' ? 10 * SECOND_MS : 0)
  switch (code) {
    case 'MSG.9001':
      return {
        state: 'put_off',
        reason,
        waitMs,
        isOfAll: detail === 'sms_day' || detail === 'application_hour',
      }
    case 'MSG.9002':
    case 'REQUEST.9011':
    case 'REQUEST.9012':
      return { state: 'put_off', reason, waitMs: Math.max(waitMs, SECOND_MS), isOfAll: false }
    case 'MSG.0001':
      return detail === 'recipient_refused' || detail === 'delivery_unknown'
        ? { state: 'failed', reason }
        : { state: 'put_off', reason, waitMs: RETRY_MS, isOfAll: false }
    default:
      return { state: 'failed', reason }
  }
}
