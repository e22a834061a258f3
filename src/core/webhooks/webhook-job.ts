import { type Clock, SECOND_MS } from '../clock.ts'
import { type PeriodicJob, runPeriodically } from '../run-periodically.ts'
import { within } from '../within.ts'
import { createWebhookSender, type SendWebhooksDeps } from './send-webhooks.ts'
import { type WalkDeps, walkRecord } from './walk-record.ts'

/** How often each node looks through the record and at what is due. */
const INTERVAL_MS = SECOND_MS
/** A stop waits this long for receivers; what they have not answered is sent again by the next process. */
const STOP_WITHIN_MS = 3 * SECOND_MS

/** Tells webhooks of what happens, in the background. */
export function startWebhookJob(
  deps: WalkDeps & SendWebhooksDeps & { readonly clock: Clock },
  onFailure: (cause: unknown) => void,
): PeriodicJob {
  const sender = createWebhookSender(deps)
  const job = runPeriodically(
    INTERVAL_MS,
    async (isStopping) => {
      // what is on its way already leaves, whatever becomes of the walk
      await walkRecord(deps, isStopping).catch(onFailure)
      if (!isStopping()) {
        await sender.begin()
      }
    },
    onFailure,
  )
  return {
    async stop() {
      await job.stop()
      await within(deps.clock, STOP_WITHIN_MS, sender.settle())
      sender.abort()
      await sender.settle()
    },
  }
}
