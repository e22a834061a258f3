import type { ResetDeps } from './reset-deps.ts'
import type { ResetRun } from './reset-run.ts'
import { isInFlight, type Reset } from './reset-state.ts'
import { resetInProgress } from './share-reset.ts'

const POLL_MS = 40

/**
 * Waits for a reset that an equal call started, in this process or another, and answers it as it was settled
 * (reset protocol, rule 7). Holds no transaction and no connection while it waits.
 * @throws ApiError MSG.9002 when it is not settled by this call's own deadline
 */
export async function followReset(deps: ResetDeps, run: ResetRun, shared: Reset): Promise<Reset> {
  for (;;) {
    const settled = await readSettled(deps, shared)
    if (settled !== undefined) {
      return settled
    }
    if (deps.clock.monotonicMs() + POLL_MS >= run.deadlineMonotonicMs) {
      throw resetInProgress(deps.leaseGraceMs)
    }
    await deps.clock.wait(POLL_MS)
  }
}

/** The reset once its outcome may be told; undefined: not yet. */
export async function readSettled(
  deps: ResetDeps,
  key: Pick<Reset, 'tenantId' | 'id'>,
): Promise<Reset | undefined> {
  const reset = await deps.store.read.resets.find(key.tenantId, key.id)
  const isSettled = reset !== undefined && !isInFlight(reset) && (await mayTell(deps, reset))
  return isSettled ? reset : undefined
}

/**
 * An `unknown` that recovery wrote still carries the lease token of the call that made the attempt. Whoever tells a
 * caller `unknown` takes the token away first, so that it cannot become something else afterwards (rule 4).
 */
async function mayTell(deps: ResetDeps, reset: Reset): Promise<boolean> {
  if (reset.state !== 'unknown' || reset.leaseToken === undefined) {
    return true
  }
  return await deps.store.transaction((repositories) =>
    repositories.resets.change(
      reset.tenantId,
      reset.id,
      { states: ['unknown'], leaseToken: reset.leaseToken },
      { leaseToken: undefined },
    ),
  )
}
