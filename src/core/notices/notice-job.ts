import { SECOND_MS } from '../clock.ts'
import { type PeriodicJob, runPeriodically } from '../run-periodically.ts'
import { type NoticeDeps, sendNotices } from './send-notices.ts'
import { type LockOutDeps, tellLockOuts } from './tell-lock-outs.ts'

/** How often each node looks for notices that are due. */
const INTERVAL_MS = 3 * SECOND_MS

/**
 * Looks at lock-outs and sends notices in the background. A stop waits for the message that is leaving, and for none
 * after it.
 */
export function startNoticeJob(
  deps: NoticeDeps & LockOutDeps,
  onFailure: (cause: unknown) => void,
): PeriodicJob {
  return runPeriodically(
    INTERVAL_MS,
    async (isStopping) => {
      // what is written already leaves, whatever becomes of the look at lock-outs
      await tellLockOuts(deps, isStopping).catch(onFailure)
      await sendNotices(deps, isStopping)
    },
    onFailure,
  )
}
