import type { Repositories, ResetAttempt, Store } from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import { MINUTE_MS, SECOND_MS } from '../clock.ts'
import { type PasswordState, passwordStateOf } from '../users/password-state.ts'
import type { UserWithCredential } from '../users/user.ts'
import { hasRevoked } from './old-password-mode.ts'
import type { Reset } from './reset-state.ts'

/** One reset as the record tells it. */
export interface ResetHistory {
  readonly reset: Reset
  /** Who asked: an application (undefined name: removed since), or an operator by command. */
  readonly askedBy:
    | { readonly kind: 'operator' }
    | {
        readonly kind: 'application'
        readonly id: string
        readonly application: Pick<Application, 'name' | 'clientId'> | undefined
      }
  readonly attempts: readonly ResetAttempt[]
  /**
   * Sessions that ended when the old password was replaced or revoked; undefined: it was neither, or the record is no
   * longer kept.
   */
  readonly endedSessions: number | undefined
}

export interface ResetTimeline {
  readonly passwordState: PasswordState
  /** Newest first. */
  readonly resets: readonly ResetHistory[]
  /** Whether older ones exist that are not listed. */
  readonly hasMore: boolean
}

/** Everything on record about a user's newest resets: at most `limit`, with a few look-ups for each. */
export async function listResets(
  store: Pick<Store, 'read'>,
  user: UserWithCredential,
  limit: number,
): Promise<ResetTimeline> {
  const { read } = store
  const { tenantId, id: userId } = user
  const newest = await read.resets.list(tenantId, userId, limit + 1)
  const applications = new Map((await read.applications.list(tenantId)).map((one) => [one.id, one]))
  const resets: ResetHistory[] = []
  for (const reset of newest.slice(0, limit)) {
    resets.push({
      reset,
      askedBy: askedBy(reset, applications),
      attempts: await read.resets.listAttempts(tenantId, reset.id),
      endedSessions: await readEndedSessions(read, reset),
    })
  }
  return {
    passwordState: passwordStateOf(user, await findCurrent(read, user), await read.now()),
    resets,
    hasMore: newest.length > limit,
  }
}

async function findCurrent(
  { resets }: Pick<Repositories, 'resets'>,
  { tenantId, id: userId, credential }: UserWithCredential,
): Promise<Reset | undefined> {
  if (credential.resetId !== undefined) {
    return await resets.find(tenantId, credential.resetId)
  }
  return credential.digest === undefined
    ? (await resets.listOpen(tenantId, userId)).find(({ state }) => state === 'accepted')
    : undefined
}

function askedBy(
  { applicationId }: Reset,
  applications: ReadonlyMap<string, Application>,
): ResetHistory['askedBy'] {
  return applicationId === undefined
    ? { kind: 'operator' }
    : { kind: 'application', id: applicationId, application: applications.get(applicationId) }
}

// promotion and its audit row are one transaction, but the row is timed when it is written, by a clock that may be set
const BEFORE_MS = 5 * SECOND_MS
const AFTER_MS = MINUTE_MS

async function readEndedSessions(
  read: Pick<Repositories, 'audit'>,
  reset: Reset,
): Promise<number | undefined> {
  const endedAt = hasRevoked(reset) ? reset.preparedAt : reset.promotedAt
  if (endedAt === undefined) {
    return undefined
  }
  const span = { from: endedAt - BEFORE_MS, until: endedAt + AFTER_MS }
  const entries = await read.audit.listOfTarget(reset.tenantId, reset.id, span)
  const counts = entries
    .map(({ detail }) => detail.endedSessions)
    .filter((count) => typeof count === 'number')
  return counts[0]
}
