import { SECOND_MS } from '../clock.ts'
import { type PeriodicJob, runPeriodically } from '../run-periodically.ts'
import { type NoticeDeps, sendNotices } from './send-notices.ts'

/** How often each node looks for notices that are due. */
const INTERVAL_MS = 3 * SECOND_MS

/** Sends notices in the background. A stop waits for the message that is leaving, and for none after it. */
export function startNoticeJob(deps: NoticeDeps, onFailure: (cause: unknown) => void): PeriodicJob {
  let isStopping = false
  const job = runPeriodically(INTERVAL_MS, () => sendNotices(deps, () => isStopping), onFailure)
  return {
    async stop() {
      isStopping = true
      await job.stop()
    },
  }
}
