import type { Clock } from '../core/clock.ts'
import { within } from '../core/within.ts'
import type { Store } from '../store/store.ts'

export type HealthCheckName = 'database' | 'migrations' | 'clock'
export type HealthCheck = 'ok' | 'failed' | 'unknown'

export interface HealthReport {
  readonly status: 'ready' | 'not_ready'
  readonly checks: Readonly<Record<HealthCheckName, HealthCheck>>
}

export interface Health {
  check(): Promise<HealthReport>
}

/** Who asks wants an answer soon: a database that says nothing for this long has failed. */
const CHECK_MS_MAX = 3_000
const storeFailed = { database: 'failed', migrations: 'unknown', clock: 'unknown' } as const

/** A process further off than this says so (reset protocol, rule 15). */
export const CLOCK_SKEW_MS_MAX = 2_000

/**
 * Whether this process can do its work: database reachable, migrations current, clocks together. Never throws.
 */
export function createHealth(
  store: Pick<Store, 'pendingMigrations' | 'measureClock'>,
  clock: Pick<Clock, 'wait'>,
): Health {
  return {
    async check() {
      const checks = (await within(clock, CHECK_MS_MAX, runChecks(store))) ?? storeFailed
      const isReady = Object.values(checks).every((check) => check === 'ok')
      return { status: isReady ? 'ready' : 'not_ready', checks }
    },
  }
}

async function runChecks(
  store: Pick<Store, 'pendingMigrations' | 'measureClock'>,
): Promise<HealthReport['checks']> {
  const clock = await store.measureClock().catch(() => undefined)
  if (clock === undefined) return storeFailed
  const pending = await store.pendingMigrations().catch(() => undefined)
  return {
    database: 'ok',
    migrations: pending === undefined ? 'unknown' : pending.length === 0 ? 'ok' : 'failed',
    clock: Math.abs(clock.skewMs) <= CLOCK_SKEW_MS_MAX ? 'ok' : 'failed',
  }
}
