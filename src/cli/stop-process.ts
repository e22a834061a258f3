import type { Logger } from '../observability/logger.ts'

/** A graceful stop takes 10 s at most by itself; beyond this something hangs, and recovery takes over. */
const STOP_MS_MAX = 11_000
/** A terminal and npm may both deliver one Ctrl-C: only a signal after this long is a second one. */
const SAME_SIGNAL_MS = 300

/** Resolves with the first SIGTERM or SIGINT; from then on, the next one ends the process at once. */
export function catchStopSignal(): Promise<string> {
  return new Promise((resolve) => {
    let firstAtMs: number | undefined
    const onSignal = (signal: string) => {
      if (firstAtMs === undefined) {
        firstAtMs = performance.now()
        resolve(signal)
      } else if (performance.now() - firstAtMs > SAME_SIGNAL_MS) {
        process.exit(1)
      }
    }
    process.on('SIGTERM', onSignal)
    process.on('SIGINT', onSignal)
  })
}

/** After an error that nobody caught, what is in memory cannot be trusted: it is logged, and the process ends. */
export function endOnUncaughtErrors(logger: Logger): void {
  const end = (error: unknown) => {
    logger.fatal({ err: error }, 'uncaught error')
    process.exit(1)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}

/** Waits for `stop`, and ends the process when it hangs. */
export async function stopInTime(stop: () => Promise<void>, logger: Logger): Promise<void> {
  const overdue = setTimeout(() => {
    logger.error('the graceful stop took too long')
    process.exit(1)
  }, STOP_MS_MAX)
  await stop()
  clearTimeout(overdue)
}
