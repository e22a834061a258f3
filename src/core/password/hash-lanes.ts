import { ApiError } from '../../errors/api-error.ts'
import type { HashLane, HashQueue } from './password-hasher.ts'

export interface HashLanesOptions {
  /** Hashes at a time. */
  readonly concurrencyMax: number
  /** Waiting beyond those, in each queue; one more is answered 503. */
  readonly queueMax: number
  /** What one takes, for Retry-After. */
  readonly hashMsAbout: number
  /** Told after every change. */
  readonly onQueueLength?: ((queue: HashQueue, length: number) => void) | undefined
  /** Told of each that is answered 503. */
  readonly onRefused?: ((lane: HashLane) => void) | undefined
}

/** Runs work when its turn comes. */
export type InTurn = <T>(lane: HashLane, work: () => Promise<T>) => Promise<T>

/**
 * Two queues before a bounded number of places. While management waits, sign-ins hold at most half of the places (of a
 * single one: every other turn), so that a flood of anonymous sign-ins never stops resets. While nobody waits in one
 * queue, the other has every place.
 */
export function createHashLanes(options: HashLanesOptions): InTurn {
  const waiting: Record<HashQueue, (() => void)[]> = { 'sign-in': [], management: [] }
  const running: Record<HashQueue, number> = { 'sign-in': 0, management: 0 }
  let lastStarted: HashQueue | undefined

  /** Takes a free place, or waits for one. */
  function takePlace(lane: HashLane): Promise<void> | undefined {
    const queue = queueOf(lane)
    // nobody waits while a place is free: whoever ends hands it over
    if (running['sign-in'] + running.management < options.concurrencyMax) {
      start(queue)
      return undefined
    }
    if (lane === 'spare' || waiting[queue].length >= options.queueMax) {
      options.onRefused?.(lane)
      throw queueFull(options, waiting[queue].length)
    }
    const turn = new Promise<void>((resolve) => waiting[queue].push(resolve))
    options.onQueueLength?.(queue, waiting[queue].length)
    return turn
  }

  function start(queue: HashQueue): void {
    running[queue] += 1
    lastStarted = queue
  }

  function endAndHandOver(ended: HashQueue): void {
    running[ended] -= 1
    const queue = nextQueue()
    const next = waiting[queue].shift()
    if (next !== undefined) {
      start(queue)
      options.onQueueLength?.(queue, waiting[queue].length)
      next()
    }
  }

  function nextQueue(): HashQueue {
    if (waiting.management.length === 0) return 'sign-in'
    if (waiting['sign-in'].length === 0) return 'management'
    if (options.concurrencyMax === 1) return lastStarted === 'management' ? 'sign-in' : 'management'
    return running['sign-in'] < Math.floor(options.concurrencyMax / 2) ? 'sign-in' : 'management'
  }

  return async (lane, work) => {
    await takePlace(lane)
    try {
      return await work()
    } finally {
      endAndHandOver(queueOf(lane))
    }
  }
}

/** What only uses spare time came from a sign-in, and counts as one. */
function queueOf(lane: HashLane): HashQueue {
  return lane === 'management' ? 'management' : 'sign-in'
}

function queueFull({ hashMsAbout, concurrencyMax }: HashLanesOptions, waitingCount: number): ApiError {
  // half of the places are sure
  const seconds = (waitingCount * hashMsAbout) / Math.max(1, Math.floor(concurrencyMax / 2)) / 1_000
  return new ApiError('REQUEST.9011', {
    detail: 'hash_queue_full',
    retryAfterSeconds: Math.max(1, Math.ceil(seconds)),
  })
}
