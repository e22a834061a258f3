import type { AuditHead, SealedAuditRow, StoredAuditRow } from '../../store/audit-chain-store.ts'

/** HMAC-SHA256 with a key for the purpose alone, derived from the master key. */
export type Mac = (purpose: string, value: string) => string

/** Where a chain stands before its first row. */
export const START: Pick<SealedAuditRow, 'sequence' | 'digest'> = { sequence: 0, digest: '' }

/**
 * The digest of a row at its place. It covers every column as text, and knows neither actions nor kinds: a row of any
 * release is sealed and checked alike. JSON keeps neighbouring values apart, whatever they hold.
 */
export function linkOf(mac: Mac, previousDigest: string, sequence: number, row: StoredAuditRow): string {
  return mac(
    'audit-link',
    JSON.stringify([
      previousDigest,
      sequence,
      row.tenantId,
      row.at,
      row.id,
      row.action,
      row.actorKind,
      row.actorId ?? null,
      row.targetKind,
      row.targetId ?? null,
      row.requestId ?? null,
      row.detailJson,
    ]),
  )
}

/** The rows in this order, each linked to the one before it. */
export function linkRows(
  mac: Mac,
  after: Pick<SealedAuditRow, 'sequence' | 'digest'>,
  rows: readonly StoredAuditRow[],
): readonly SealedAuditRow[] {
  let previous = after
  return rows.map((row) => {
    const sequence = previous.sequence + 1
    const sealed = { ...row, sequence, digest: linkOf(mac, previous.digest, sequence, row) }
    previous = sealed
    return sealed
  })
}

/** The head with its own seal: without the key nobody moves it, to cut off the newest rows or the oldest. */
export function sealHead(mac: Mac, head: Omit<AuditHead, 'keyCheck' | 'mac'>): AuditHead {
  return { ...head, keyCheck: keyCheckOf(mac, head.tenantId), mac: macOfHead(mac, head) }
}

/** What is wrong with a stored head; undefined: it is as it was sealed. */
export function findHeadProblem(mac: Mac, head: AuditHead): 'other_key' | 'head_changed' | undefined {
  if (head.keyCheck !== keyCheckOf(mac, head.tenantId)) {
    return 'other_key'
  }
  return head.mac === macOfHead(mac, head) ? undefined : 'head_changed'
}

function keyCheckOf(mac: Mac, tenantId: string): string {
  return mac('audit-key', tenantId)
}

function macOfHead(mac: Mac, head: Omit<AuditHead, 'keyCheck' | 'mac'>): string {
  const { tenantId, sequence, digest, sealedAt, removedSequence, removedDigest } = head
  return mac(
    'audit-head',
    JSON.stringify([tenantId, sequence, digest, sealedAt, removedSequence, removedDigest]),
  )
}
