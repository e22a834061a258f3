import { SECOND_MS } from '../clock.ts'
import { type PeriodicJob, runPeriodically } from '../run-periodically.ts'
import { type SendCodesDeps, sendCodes } from './send-codes.ts'

/** How often each node looks for codes that somebody waits for. */
const INTERVAL_MS = SECOND_MS

/** Sends codes in the background. A stop waits for the messages that are leaving, and for none after them. */
export function startCodeJob(deps: SendCodesDeps, onFailure: (cause: unknown) => void): PeriodicJob {
  return runPeriodically(INTERVAL_MS, (isStopping) => sendCodes(deps, isStopping), onFailure)
}
