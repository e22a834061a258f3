import type { AuditHead, SealedAuditRow } from '../../store/audit-chain-store.ts'
import type { Store } from '../../store/store.ts'
import { findHeadProblem, linkOf, type Mac, START } from './audit-chain.ts'

const ROWS_PER_READ_MAX = 1_000
/** How often retention may move the beginning while the chain is read. */
const RESTARTS_MAX = 5

export interface VerifyDeps {
  readonly store: Pick<Store, 'read'>
  readonly mac: Mac
  readonly onProgress?: (progress: { readonly rows: number; readonly total: number }) => void
}

/** A head that was written down elsewhere, earlier. */
export interface AuditAnchor {
  readonly sequence: number
  readonly digest: string
}

export type AuditFaultKind =
  /** A row is not what was sealed at its place. */
  | 'row_changed'
  /** Rows that were sealed are not there. */
  | 'rows_removed'
  /** A row stands where none was sealed. */
  | 'row_inserted'
  | 'head_changed'
  | 'head_missing'
  | 'other_key'
  /** The chain is sound by itself and is not the one of the anchor. */
  | 'anchor_differs'

export interface AuditFault {
  readonly kind: AuditFaultKind
  /** Where the chain breaks first; undefined: it is not about a row. */
  readonly sequence: number | undefined
  /** Of the last of several that are missing. */
  readonly lastSequence: number | undefined
  readonly rowId: string | undefined
}

export interface AuditReport {
  /** Rows found as they were sealed. */
  readonly rows: number
  readonly head: AuditHead | undefined
  readonly unsealed: { readonly count: number; readonly oldestAgeMs: number | undefined }
  readonly fault: AuditFault | undefined
  /** `too_old`: retention has removed the place it names. */
  readonly anchor: 'matches' | 'too_old' | undefined
}

type Place = Pick<SealedAuditRow, 'sequence' | 'digest'> & { readonly id?: string }
type Walk = Pick<AuditReport, 'rows' | 'head' | 'fault'>

/** Reads a tenant's whole chain in order, a thousand rows at a time, and says where it breaks first. */
export async function verifyAudit(
  deps: VerifyDeps,
  tenantId: string,
  anchor?: AuditAnchor,
): Promise<AuditReport> {
  const walk = await walkOften(deps, tenantId, anchor)
  const { count, oldestAt } = await deps.store.read.auditChain.countUnsealed(tenantId)
  const now = await deps.store.read.now()
  const oldestAgeMs = oldestAt === undefined ? undefined : Math.max(0, now - oldestAt)
  const fault = walk.fault ?? (anchor && compareAnchor(anchor, walk.head))
  const isTooOld = anchor !== undefined && anchor.sequence < (walk.head?.removedSequence ?? 0)
  return {
    ...walk,
    fault,
    unsealed: { count, oldestAgeMs },
    anchor: anchor === undefined || fault !== undefined ? undefined : isTooOld ? 'too_old' : 'matches',
  }
}

/** The places between beginning and end were compared on the way. */
function compareAnchor(anchor: AuditAnchor, head: AuditHead | undefined): AuditFault | undefined {
  const end = head?.sequence ?? START.sequence
  if (anchor.sequence > end) {
    return { ...faultAt('rows_removed', end + 1), lastSequence: anchor.sequence }
  }
  return head !== undefined &&
    anchor.sequence === head.removedSequence &&
    anchor.digest !== head.removedDigest
    ? faultAt('anchor_differs', anchor.sequence)
    : undefined
}

/** What looks broken may be retention at work: then from its new beginning again. */
async function walkOften(deps: VerifyDeps, tenantId: string, anchor: AuditAnchor | undefined): Promise<Walk> {
  const { auditChain } = deps.store.read
  let beginning = await auditChain.findHead(tenantId)
  for (let restarts = 0; ; restarts += 1) {
    const walk = await walkFrom(deps, tenantId, beginning, anchor)
    const present = await auditChain.findHead(tenantId)
    const hasMoved = (present?.removedSequence ?? 0) > (beginning?.removedSequence ?? 0)
    if (walk.fault === undefined || !hasMoved || restarts === RESTARTS_MAX) {
      return walk
    }
    beginning = present
  }
}

async function walkFrom(
  deps: VerifyDeps,
  tenantId: string,
  beginning: AuditHead | undefined,
  anchor: AuditAnchor | undefined,
): Promise<Walk> {
  const { auditChain } = deps.store.read
  const problem = beginning && findHeadProblem(deps.mac, beginning)
  if (problem !== undefined) {
    return { rows: 0, head: beginning, fault: faultAt(problem, undefined) }
  }
  const total = (beginning?.sequence ?? 0) - (beginning?.removedSequence ?? 0)
  let place: Place = beginning
    ? { sequence: beginning.removedSequence, digest: beginning.removedDigest }
    : START
  let cursor: number = Number.MIN_SAFE_INTEGER
  let rows = 0
  for (;;) {
    const page = await auditChain.listSealed(tenantId, cursor, ROWS_PER_READ_MAX)
    for (const [index, row] of page.entries()) {
      if (row.id === place.id && row.sequence === place.sequence) {
        continue // the last one of the page before: read again, so that no second one hides behind it
      }
      const fault = await findFault(deps, place, row, page[index + 1])
      if (fault !== undefined) {
        return { rows, head: beginning, fault }
      }
      if (anchor?.sequence === row.sequence && anchor.digest !== row.digest) {
        return { rows, head: beginning, fault: faultAt('anchor_differs', row.sequence, row.id) }
      }
      place = row
      rows += 1
    }
    deps.onProgress?.({ rows, total })
    const end = page.length < ROWS_PER_READ_MAX ? await findEnd(deps, tenantId, place) : undefined
    if (end !== undefined) {
      return { rows, ...end }
    }
    cursor = place.sequence - 1
  }
}

async function findFault(
  deps: VerifyDeps,
  place: Place,
  row: SealedAuditRow,
  nextOnPage: SealedAuditRow | undefined,
): Promise<AuditFault | undefined> {
  const expected = place.sequence + 1
  if (row.sequence < expected) {
    return faultAt('row_inserted', row.sequence, row.id)
  }
  if (row.sequence > expected) {
    return { ...faultAt('rows_removed', expected), lastSequence: row.sequence - 1 }
  }
  if (linkOf(deps.mac, place.digest, row.sequence, row) === row.digest) {
    return undefined
  }
  const head = await deps.store.read.auditChain.findHead(row.tenantId)
  if (row.sequence > (head?.sequence ?? row.sequence)) {
    return faultAt('row_inserted', row.sequence, row.id)
  }
  const next =
    nextOnPage ?? (await deps.store.read.auditChain.listSealed(row.tenantId, row.sequence, 1)).at(0)
  // what comes after it was sealed at this very place: it was put in between
  const isInserted = next !== undefined && linkOf(deps.mac, place.digest, row.sequence, next) === next.digest
  return faultAt(isInserted ? 'row_inserted' : 'row_changed', row.sequence, row.id)
}

/** Undefined: rows were sealed meanwhile, read on. The head is read after the rows, so it is never behind them. */
async function findEnd(
  deps: VerifyDeps,
  tenantId: string,
  place: Place,
): Promise<Omit<Walk, 'rows'> | undefined> {
  const { auditChain } = deps.store.read
  const head = await auditChain.findHead(tenantId)
  if (head === undefined) {
    return { head, fault: place.sequence === 0 ? undefined : faultAt('head_missing', undefined) }
  }
  const problem = findHeadProblem(deps.mac, head)
  if (problem !== undefined) {
    return { head, fault: faultAt(problem, undefined) }
  }
  if (head.sequence > place.sequence) {
    const [more] = await auditChain.listSealed(tenantId, place.sequence, 1)
    return more === undefined
      ? {
          head,
          fault: { ...faultAt('rows_removed', place.sequence + 1), lastSequence: head.sequence },
        }
      : undefined
  }
  if (head.sequence < place.sequence) {
    return { head, fault: faultAt('row_inserted', head.sequence + 1, place.id) }
  }
  return { head, fault: head.digest === place.digest ? undefined : faultAt('head_changed', undefined) }
}

function faultAt(kind: AuditFaultKind, sequence: number | undefined, rowId?: string): AuditFault {
  return { kind, sequence, lastSequence: undefined, rowId }
}
