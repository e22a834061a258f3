import type { Clock } from './clock.ts'

// a reason of our own: the standard one is an exception with a stack, made each time and read by nobody
const OVER = 'over'

/**
 * What `work` comes to, or undefined when it takes longer than `waitMsMax`; the work itself goes on, and nobody is told
 * if it fails then. Leaves no timer behind: a busy server would keep thousands of them for calls long answered.
 */
export async function within<T>(
  clock: Pick<Clock, 'wait'>,
  waitMsMax: number,
  work: Promise<T>,
): Promise<T | undefined> {
  const over = new AbortController()
  try {
    return await Promise.race([work, clock.wait(waitMsMax, over.signal).then(() => undefined)])
  } finally {
    over.abort(OVER)
  }
}
