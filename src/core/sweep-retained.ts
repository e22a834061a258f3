import type { Store } from '../store/store.ts'
import type { Mac } from './audit/audit-chain.ts'
import { removeOldAudit } from './audit/remove-old-audit.ts'
import { DAY_MS } from './clock.ts'
import type { Tenant } from './tenants/tenant.ts'

// small enough that no writer waits for a sweep
const ROWS_PER_BATCH_MAX = 500
// 100,000 rows of a kind and tenant, then the others have their turn
const BATCHES_PER_TENANT_MAX = 200

export interface RetentionDeps {
  readonly store: Store
  readonly mac: Mac
  /** A tenant's rows stay, because its chain is broken or the database is away. */
  readonly onTrouble: (trouble: { readonly tenantId: string; readonly cause: unknown }) => void
}

/**
 * Removes audit rows and finished resets that are older than their tenant keeps them, in transactions of at most 500
 * rows; how many of each. A setting of 0 keeps them for ever (reset protocol, rule 14).
 */
export async function sweepRetained(
  deps: RetentionDeps,
): Promise<{ readonly auditRows: number; readonly resets: number }> {
  const { read } = deps.store
  const removed = { auditRows: 0, resets: 0 }
  const now = await read.now()
  for (const tenant of await read.tenants.list()) {
    try {
      removed.auditRows += await sweepAudit(deps, tenant, now)
      removed.resets += await sweepResets(deps, tenant, now)
    } catch (cause) {
      deps.onTrouble({ tenantId: tenant.id, cause })
    }
  }
  return removed
}

async function sweepAudit(deps: RetentionDeps, tenant: Tenant, now: number): Promise<number> {
  const days = tenant.settings.retention.auditDays
  return days === 0 ? 0 : await inBatches(() => removeOldAudit(deps, tenant.id, now - days * DAY_MS))
}

async function sweepResets({ store }: RetentionDeps, tenant: Tenant, now: number): Promise<number> {
  const days = tenant.settings.retention.resetsDays
  if (days === 0) {
    return 0
  }
  return await inBatches(async () => {
    const rows = await store.transaction(({ resets }) =>
      resets.deleteFinished(tenant.id, now - days * DAY_MS, ROWS_PER_BATCH_MAX),
    )
    return { rows, isMoreLeft: rows === ROWS_PER_BATCH_MAX }
  })
}

async function inBatches(
  removeBatch: () => Promise<{ readonly rows: number; readonly isMoreLeft: boolean }>,
): Promise<number> {
  let removed = 0
  for (let batch = 0; batch < BATCHES_PER_TENANT_MAX; batch += 1) {
    const { rows, isMoreLeft } = await removeBatch()
    removed += rows
    if (!isMoreLeft) {
      break
    }
  }
  return removed
}
