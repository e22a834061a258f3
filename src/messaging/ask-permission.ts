import type { AttemptOutcome } from './gateway.ts'

/** Asks, directly before the body leaves, whether it may. Undefined: yes. Anything else ends the attempt, nothing sent. */
export async function askPermission(
  mayHandOver: () => Promise<boolean>,
): Promise<AttemptOutcome | undefined> {
  try {
    return (await mayHandOver()) ? undefined : { kind: 'refused-here', reason: 'stopped', reply: '' }
  } catch {
    return { kind: 'refused-here', reason: 'store_unavailable', reply: '' }
  }
}
