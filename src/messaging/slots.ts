/** A bounded number of places, given out first come, first served. */
export interface Slots {
  /** Gives a place back when called (once; further calls do nothing). Undefined: none came free in time. */
  acquire(waitMsMax: number): Promise<(() => void) | undefined>
  /** Resolves when every place has been given back. */
  drained(): Promise<void>
}

export function createSlots(max: number): Slots {
  let inUse = 0
  const waiting = new Set<(release: () => void) => void>()
  const drainListeners: (() => void)[] = []

  function take(): () => void {
    let isReleased = false
    return () => {
      if (!isReleased) {
        isReleased = true
        passOn()
      }
    }
  }

  function passOn(): void {
    const [next] = waiting
    if (next !== undefined) {
      waiting.delete(next)
      next(take())
      return
    }
    inUse -= 1
    if (inUse === 0) {
      for (const listener of drainListeners.splice(0)) {
        listener()
      }
    }
  }

  return {
    async acquire(waitMsMax) {
      if (inUse < max) {
        inUse += 1
        return take()
      }
      if (waitMsMax <= 0) {
        return undefined
      }
      return await new Promise((resolve) => {
        const granted = (release: () => void) => {
          clearTimeout(timer)
          resolve(release)
        }
        const timer = setTimeout(() => {
          waiting.delete(granted)
          resolve(undefined)
        }, waitMsMax)
        waiting.add(granted)
      })
    },
    async drained() {
      if (inUse > 0) {
        await new Promise<void>((resolve) => drainListeners.push(resolve))
      }
    },
  }
}
