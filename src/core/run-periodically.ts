export interface PeriodicJob {
  /** Starts no further run and resolves when the one under way has ended. */
  stop(): Promise<void>
}

/**
 * Runs `job` every `intervalMs`, never two at once, the pauses spread by a quarter so that many nodes do not march in
 * step. A run that fails is told to `onFailure` and the next one comes as usual. A long one asks `isStopping` between its
 * steps: a stop waits for it.
 */
export function runPeriodically(
  intervalMs: number,
  job: (isStopping: () => boolean) => Promise<unknown>,
  onFailure: (cause: unknown) => void,
): PeriodicJob {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let wake: (() => void) | undefined

  async function pause(): Promise<void> {
    const spreadMs = intervalMs * (0.875 + Math.random() / 4)
    await new Promise<void>((resolve) => {
      wake = resolve
      timer = setTimeout(resolve, spreadMs)
      timer.unref()
    })
  }

  async function loop(): Promise<void> {
    while (!isStopped) {
      await pause()
      if (!isStopped) {
        await runOnce()
      }
    }
  }

  async function runOnce(): Promise<void> {
    try {
      await job(() => isStopped)
    } catch (cause) {
      onFailure(cause)
    }
  }

  const looping = loop()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      wake?.()
      await looping
    },
  }
}
