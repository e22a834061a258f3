import { ApiError } from '../../errors/api-error.ts'
import type { Clock } from '../clock.ts'
import type { OldPasswordMode, SendMode } from '../tenants/tenant.ts'
import { within } from '../within.ts'

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
  share<T extends NonNullable<unknown>>(
    identity: ResetIdentity & { readonly keyMac?: string | undefined },
    waitMsMax: number,
    run: () => Promise<T>,
  ): Promise<T>
  /** Work of a call that may outlast its answer: `drain` waits for it too. */
  goOn(work: Promise<unknown>): void
  /** Resolves when every call under way, and what outlasts its answer, has ended. */
  drain(): Promise<void>
  readonly size: number
}

export function createSharedResets(clock: Clock): SharedResets {
  const underWay = new Map<string, Promise<unknown>>()
  const outlasting = new Set<Promise<unknown>>()

  return {
    async share<T extends NonNullable<unknown>>(
      identity: ResetIdentity & { readonly keyMac?: string | undefined },
      waitMsMax: number,
      run: () => Promise<T>,
    ): Promise<T> {
      // calls with keys of their own share by the store's row, where each key is written down before its call waits
      const key = `${identityKey(identity)} ${identity.keyMac ?? ''}`
      const joined = underWay.get(key) as Promise<T> | undefined
      if (joined !== undefined) {
        const outcome = await within(clock, waitMsMax, joined)
        if (outcome === undefined) {
          throw resetInProgress(1_000)
        }
        return outcome
      }
      const started = run().finally(() => underWay.delete(key))
      underWay.set(key, started)
      return await started
    },
    goOn(work) {
      outlasting.add(work)
      const forget = () => outlasting.delete(work)
      work.then(forget, forget)
    },
    async drain() {
      while (underWay.size + outlasting.size > 0) {
        await Promise.allSettled([...underWay.values(), ...outlasting])
      }
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

function identityKey(identity: ResetIdentity): string {
  return JSON.stringify([
    identity.tenantId,
    identity.applicationId ?? null,
    identity.userId,
    identity.sendMode,
    identity.oldPasswordMode,
  ])
}
