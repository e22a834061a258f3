import { StoreUnavailableError } from '../errors/store-error.ts'

export interface Turnstile {
  /** Resolves when it is this caller's turn. @throws StoreUnavailableError after the longest wait, or when closed */
  enter(): Promise<void>
  leave(): void
  /** Whether somebody waits to be let in: the next `leave` lets them. */
  isAwaited(): boolean
  /** Lets nobody else in, and resolves when whoever was let in has left. */
  close(): Promise<void>
}

interface Waiting {
  readonly letIn: () => void
  readonly turnAway: (error: Error) => void
}

/** Lets one in at a time, in the order of asking. */
export function createTurnstile(waitMsMax: number): Turnstile {
  const queue = new Set<Waiting>()
  let isTaken = false
  let isClosed = false
  let onEmpty: (() => void) | undefined

  return {
    async enter() {
      if (isClosed) {
        throw new StoreUnavailableError('the database is closed')
      }
      if (isTaken) {
        await queueUp(queue, waitMsMax)
      }
      isTaken = true
    },
    leave() {
      const [next] = queue
      if (next !== undefined) {
        next.letIn()
        return
      }
      isTaken = false
      onEmpty?.()
    },
    isAwaited: () => queue.size > 0,
    async close() {
      isClosed = true
      for (const waiting of queue) {
        waiting.turnAway(new StoreUnavailableError('the database is closed'))
      }
      if (isTaken) {
        await new Promise<void>((resolve) => {
          onEmpty = resolve
        })
      }
    },
  }
}

function queueUp(queue: Set<Waiting>, waitMsMax: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => waiting.turnAway(new StoreUnavailableError('too many transactions wait for the database')),
      waitMsMax,
    )
    const leaveQueue = () => {
      clearTimeout(timer)
      queue.delete(waiting)
    }
    const waiting: Waiting = {
      letIn() {
        leaveQueue()
        resolve()
      },
      turnAway(error) {
        leaveQueue()
        reject(error)
      },
    }
    queue.add(waiting)
  })
}
