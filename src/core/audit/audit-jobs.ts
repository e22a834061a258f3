import type { Store } from '../../store/store.ts'
import { type Clock, MINUTE_MS, SECOND_MS } from '../clock.ts'
import { type PeriodicJob, runPeriodically } from '../run-periodically.ts'
import { sweepRetained } from '../sweep-retained.ts'
import type { Mac } from './audit-chain.ts'
import { sealAudit } from './seal-audit.ts'

/** With a quarter's spread and the run itself, a row waits less than a second. */
const SEAL_INTERVAL_MS = 400
const RETENTION_INTERVAL_MS = 10 * MINUTE_MS
/** Sealing runs often: what keeps failing is said this often. */
const SAY_AGAIN_AFTER_MS = 30 * SECOND_MS

export interface AuditJobsDeps {
  readonly store: Store
  readonly mac: Mac
  readonly clock: Clock
  readonly holder: string
  readonly metrics: {
    auditSealed(rows: number): void
    auditOldestUnsealed(ageMs: number): void
  }
  readonly log: Record<'info' | 'error', (fields: object, message: string) => void>
}

/** Seals audit rows, and removes rows that retention keeps no longer, until it is stopped; then seals once more. */
export function startAuditJobs(deps: AuditJobsDeps): PeriodicJob {
  const { store, metrics, log } = deps
  const sayRarely = createRareSayer(deps)
  const seal = () =>
    sealAudit({
      ...deps,
      onSealed: (rows) => metrics.auditSealed(rows),
      onOldestUnsealed: (ageMs) => metrics.auditOldestUnsealed(ageMs),
      onTrouble: ({ tenantId, cause }) => sayRarely(tenantId, cause),
    })
  const onSealFailure = (cause: unknown) => sayRarely(undefined, cause)
  const sweep = async () => {
    const removed = await sweepRetained({
      ...deps,
      onTrouble: ({ tenantId, cause }) =>
        log.error({ tenantId, err: cause }, 'rows that retention keeps no longer cannot be removed'),
    })
    if (removed.auditRows + removed.resets > 0) {
      log.info(removed, 'rows that retention keeps no longer were removed')
    }
  }
  const sealing = runPeriodically(SEAL_INTERVAL_MS, seal, onSealFailure)
  const sweeping = runPeriodically(RETENTION_INTERVAL_MS, sweep, (cause) =>
    log.error({ err: cause }, 'a background job failed'),
  )
  return {
    async stop() {
      await Promise.all([sealing.stop(), sweeping.stop()])
      try {
        await seal()
        await store.transaction(({ auditChain }) => auditChain.releaseLeasesOfAllTenants(deps.holder))
      } catch (cause) {
        onSealFailure(cause)
      }
    },
  }
}

function createRareSayer({ clock, log }: Pick<AuditJobsDeps, 'clock' | 'log'>) {
  const saidAt = new Map<string | undefined, number>()
  return (tenantId: string | undefined, cause: unknown) => {
    const now = clock.monotonicMs()
    if (now - (saidAt.get(tenantId) ?? Number.NEGATIVE_INFINITY) >= SAY_AGAIN_AFTER_MS) {
      saidAt.set(tenantId, now)
      log.error({ tenantId, err: cause }, 'the audit chain cannot be sealed')
    }
  }
}
