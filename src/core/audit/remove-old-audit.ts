import type { AuditHead, SealedAuditRow } from '../../store/audit-chain-store.ts'
import type { Store } from '../../store/store.ts'
import { findHeadProblem, linkOf, type Mac, sealHead } from './audit-chain.ts'
import { BrokenChainError } from './seal-audit.ts'

const ROWS_PER_BATCH_MAX = 500

export interface RemoveAuditDeps {
  readonly store: Store
  readonly mac: Mac
}

/**
 * Removes a tenant's oldest sealed rows that were written before `before`, at most 500; how many. True afterwards: the
 * chain can be verified from the place that the head names. Rows are verified before they go, so that what was done to
 * them is not forgotten with them.
 * @throws BrokenChainError nothing was removed
 */
export async function removeOldAudit(
  { store, mac }: RemoveAuditDeps,
  tenantId: string,
  before: number,
): Promise<{ readonly rows: number; readonly isMoreLeft: boolean }> {
  const head = await store.read.auditChain.findHead(tenantId)
  if (head === undefined) {
    return { rows: 0, isMoreLeft: false }
  }
  if (findHeadProblem(mac, head) !== undefined) {
    throw new BrokenChainError('the head of the audit chain is not as it was sealed')
  }
  const oldest = await store.read.auditChain.listSealed(tenantId, head.removedSequence, ROWS_PER_BATCH_MAX)
  const firstToKeep = oldest.findIndex((row) => row.at >= before)
  const old = firstToKeep === -1 ? oldest : oldest.slice(0, firstToKeep)
  const last = old.at(-1)
  if (last === undefined) {
    return { rows: 0, isMoreLeft: false }
  }
  requireUnchanged(mac, head, old)
  const isRemoved = await store.transaction(async ({ auditChain }) => {
    const moved = sealHead(mac, { ...head, removedSequence: last.sequence, removedDigest: last.digest })
    if (!(await auditChain.moveHead(moved, head.mac, undefined))) {
      return false // sealed meanwhile, or another process removes them: the next batch sees
    }
    await auditChain.deleteSealedUpTo(tenantId, last.sequence)
    return true
  })
  return { rows: isRemoved ? old.length : 0, isMoreLeft: !isRemoved || old.length === ROWS_PER_BATCH_MAX }
}

function requireUnchanged(mac: Mac, head: AuditHead, rows: readonly SealedAuditRow[]): void {
  let place = { sequence: head.removedSequence, digest: head.removedDigest }
  for (const row of rows) {
    if (row.sequence !== place.sequence + 1 || row.digest !== linkOf(mac, place.digest, row.sequence, row)) {
      throw new BrokenChainError(`the audit chain is broken at row ${row.sequence}`)
    }
    place = row
  }
}
