import { ApiError } from '../../errors/api-error.ts'
import type { Clock } from '../clock.ts'
import type { OldPasswordMode, SendMode } from '../tenants/tenant.ts'

/** What makes two calls equal (reset protocol, rule 7). */
export interface ResetIdentity {
  readonly tenantId: string
  readonly applicationId: string | undefined
  readonly userId: string
  readonly sendMode: SendMode
  readonly oldPasswordMode: OldPasswordMode
}

/** Equal calls of this process run once and share the outcome; across processes the store's reset row does the same. */
export interface SharedResets {
  /** Joins an equal call under way, or starts `run`. @throws ApiError MSG.9002 when it is not settled within `waitMsMax` */
  share<T>(identity: ResetIdentity, waitMsMax: number, run: () => Promise<T>): Promise<T>
  /** Resolves when every call under way has ended. */
  drain(): Promise<void>
  readonly size: number
}

export function createSharedResets(clock: Clock): SharedResets {
  const underWay = new Map<string, Promise<unknown>>()

  return {
    async share<T>(identity: ResetIdentity, waitMsMax: number, run: () => Promise<T>): Promise<T> {
      const key = identityKey(identity)
      const joined = underWay.get(key) as Promise<T> | undefined
      if (joined !== undefined) {
        return await withinCall(clock, joined, waitMsMax)
      }
      const started = run().finally(() => underWay.delete(key))
      underWay.set(key, started)
      return await started
    },
    async drain() {
      await Promise.allSettled(underWay.values())
    },
    get size() {
      return underWay.size
    },
  }
}

export function sameIdentity(left: ResetIdentity, right: ResetIdentity): boolean {
  return identityKey(left) === identityKey(right)
}

export function resetInProgress(retryAfterMs: number): ApiError {
  return new ApiError('MSG.9002', {
    detail: 'reset_in_progress',
    retryAfterSeconds: Math.max(1, Math.ceil(retryAfterMs / 1_000)),
  })
}

async function withinCall<T>(clock: Clock, outcome: Promise<T>, waitMsMax: number): Promise<T> {
  const late = Symbol('late')
  const first = await Promise.race([outcome, clock.wait(waitMsMax).then(() => late)])
  if (first === late) {
    throw resetInProgress(1_000)
  }
  return first as T
}

function identityKey(identity: ResetIdentity): string {
  return JSON.stringify([
    identity.tenantId,
    identity.applicationId ?? null,
    identity.userId,
    identity.sendMode,
    identity.oldPasswordMode,
  ])
}
