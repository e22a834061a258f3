import type { Clock } from '../core/clock.ts'

/** `settings` and `greeting` are told only when they fail: what comes after them says that they passed. */
export type ProbeStepName =
  | 'settings'
  | 'dns'
  | 'connect'
  | 'greeting'
  | 'tls'
  | 'authentication'
  | 'sender'
  | 'message'

/** How one step ended. `note` tells what was seen and holds no secret; `remedy` what to do about a failure. */
export type ProbeEnd =
  | { readonly outcome: 'ok' | 'skipped'; readonly note: string }
  | { readonly outcome: 'failed'; readonly note: string; readonly remedy: string }

export type ProbeStep = ProbeEnd & { readonly name: ProbeStepName; readonly tookMs: number }

export const ok = (note: string): ProbeEnd => ({ outcome: 'ok', note })
export const skipped = (note: string): ProbeEnd => ({ outcome: 'skipped', note })
export const failed = (note: string, remedy: string): ProbeEnd => ({ outcome: 'failed', note, remedy })

export interface Probe {
  /** Oldest first. */
  readonly steps: readonly ProbeStep[]
  /** Takes the step down as it ended, since the one before. Whether to go on. */
  record(name: ProbeStepName, end: ProbeEnd): boolean
}

/** Steps with the time that each took. */
export function startProbe(clock: Pick<Clock, 'monotonicMs'>): Probe {
  const steps: ProbeStep[] = []
  let startedAt = clock.monotonicMs()
  return {
    steps,
    record(name, end) {
      const now = clock.monotonicMs()
      steps.push({ ...end, name, tookMs: Math.round(now - startedAt) })
      startedAt = now
      return end.outcome !== 'failed'
    },
  }
}
