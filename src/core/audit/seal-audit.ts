import type { AuditHead, SealLease, UnsealedTenant } from '../../store/audit-chain-store.ts'
import type { Store } from '../../store/store.ts'
import { type Clock, SECOND_MS } from '../clock.ts'
import { findHeadProblem, linkRows, type Mac, START, sealHead } from './audit-chain.ts'

// a batch holds SQLite's one writer for a few milliseconds
const ROWS_PER_BATCH_MAX = 200
// between batches of a backlog others get the writer and the event loop
const PAUSE_BETWEEN_BATCHES_MS = 10
// 10,000 rows: then the next tenant has its turn, and this one again with the next run
const BATCHES_PER_TENANT_MAX = 50
const TENANTS_PER_READ_MAX = 100
/** A process that stopped leaves its tenants to the others after this long. */
export const SEAL_LEASE_MS = 3 * SECOND_MS

export interface SealDeps {
  readonly store: Store
  readonly mac: Mac
  readonly clock: Clock
  /** Names this process among those that share the database. */
  readonly holder: string
  readonly onSealed: (rows: number) => void
  /** Age of the oldest row that waited as this run began; 0: none did. */
  readonly onOldestUnsealed: (ageMs: number) => void
  /** The rows of this tenant stay unsealed. */
  readonly onTrouble: (trouble: { readonly tenantId: string; readonly cause: unknown }) => void
}

/** Sealing goes no further, because that would hide what was done to the chain. */
export class BrokenChainError extends Error {
  override readonly name = 'BrokenChainError'
}

/**
 * Gives every committed audit row its place in its tenant's chain, for the tenants that no other process leads; how
 * many rows. The order is that of sealing: a row that is committed late gets a later place, so that no gap waits for it.
 * Writers of rows take no lock that this takes.
 */
export async function sealAudit(deps: SealDeps): Promise<number> {
  const { read } = deps.store
  let sealed = 0
  let oldestAgeMs = 0
  let afterTenantId = ''
  for (;;) {
    const tenants = await read.auditChain.listUnsealedOfAllTenants(afterTenantId, TENANTS_PER_READ_MAX)
    const now = tenants.length === 0 ? 0 : await read.now()
    for (const tenant of tenants) {
      oldestAgeMs = Math.max(oldestAgeMs, now - tenant.oldestAt)
      sealed += isLedByOther(deps, tenant.lease, now) ? 0 : await sealTenant(deps, tenant)
    }
    afterTenantId = tenants.at(-1)?.tenantId ?? ''
    if (tenants.length < TENANTS_PER_READ_MAX) {
      deps.onOldestUnsealed(oldestAgeMs)
      return sealed
    }
  }
}

function isLedByOther({ holder }: SealDeps, lease: SealLease | undefined, now: number): boolean {
  return lease !== undefined && lease.holder !== holder && lease.expiresAt > now
}

/** A tenant whose chain is broken keeps no other one waiting. */
async function sealTenant(deps: SealDeps, { tenantId, head }: UnsealedTenant): Promise<number> {
  let sealed = 0
  try {
    requireSound(deps.mac, head)
    let current = head
    for (let batch = 0; batch < BATCHES_PER_TENANT_MAX; batch += 1) {
      const step = await sealBatch(deps, tenantId, current)
      sealed += step.rows
      if (step.head === undefined || step.rows < ROWS_PER_BATCH_MAX) {
        break
      }
      current = step.head
      await deps.clock.wait(PAUSE_BETWEEN_BATCHES_MS)
    }
  } catch (cause) {
    deps.onTrouble({ tenantId, cause })
  }
  deps.onSealed(sealed)
  return sealed
}

function requireSound(mac: Mac, head: AuditHead | undefined): void {
  const problem = head && findHeadProblem(mac, head)
  if (problem !== undefined) {
    throw new BrokenChainError(
      problem === 'other_key'
        ? 'the audit chain was sealed with another master key'
        : 'the head of the audit chain was changed',
    )
  }
}

/**
 * Read and reckoned outside the transaction, which only writes. The lease keeps others from trying; that exactly one
 * process seals a row is the head's compare-and-set. No head: another process was faster.
 */
async function sealBatch(
  { store, mac, holder }: SealDeps,
  tenantId: string,
  before: AuditHead | undefined,
): Promise<{ readonly rows: number; readonly head: AuditHead | undefined }> {
  const unsealed = await store.read.auditChain.listUnsealed(tenantId, ROWS_PER_BATCH_MAX)
  const rows = linkRows(mac, before ?? START, unsealed)
  const last = rows.at(-1)
  if (last === undefined) {
    return { rows: 0, head: before }
  }
  return await store.transaction(async ({ auditChain, now: readNow }) => {
    const now = await readNow()
    const head = sealHead(mac, {
      tenantId,
      sequence: last.sequence,
      digest: last.digest,
      sealedAt: now,
      removedSequence: before?.removedSequence ?? START.sequence,
      removedDigest: before?.removedDigest ?? START.digest,
    })
    const lease = { holder, expiresAt: now + SEAL_LEASE_MS }
    if (!(await auditChain.moveHead(head, before?.mac, lease))) {
      return { rows: 0, head: undefined }
    }
    if ((await auditChain.placeRows(tenantId, rows)) !== rows.length) {
      throw new BrokenChainError('audit rows changed while they were sealed')
    }
    return { rows: rows.length, head }
  })
}
