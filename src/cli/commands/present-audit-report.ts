import type { AuditFault, AuditReport } from '../../core/audit/verify-audit.ts'
import { SECOND_MS } from '../../core/clock.ts'
import { formatTime } from '../../core/tenants/format-time.ts'
import type { Tenant } from '../../core/tenants/tenant.ts'

/** A head in one word: sequence and digest (43 characters of base64url). */
export const headText = /\b\d{1,15}:[\w-]{43}(?![\w-])/

// sealing takes less than a second, another process's lease three
const LATE_AFTER_MS = 10 * SECOND_MS

/** What was found, for people. */
export function presentAuditReport(tenant: Tenant, report: AuditReport): string {
  const { head, fault, rows } = report
  const time = (at: number) => `${formatTime(at, tenant.timeZone).slice(0, 19)} (${tenant.timeZone})`
  const field = (name: string, value: string) => `  ${name.padEnd(10)}${value}`
  return [
    `${fault === undefined ? '✓' : '✗'} ${tenant.code}: ${summary(report)}`,
    field('rows', `${rows} verified${fault === undefined ? '' : ' before that'}`),
    ...(head !== undefined && head.removedSequence > 0
      ? [field('removed', `1 to ${head.removedSequence}, older than retention keeps`)]
      : []),
    field('head', head === undefined ? 'none yet' : headOf(head)),
    ...(head === undefined ? [] : [field('sealed', time(head.sealedAt))]),
    field('unsealed', describeUnsealed(report)),
    ...(report.anchor === undefined ? [] : [field('--head', anchorNotes[report.anchor])]),
    ...(fault === undefined ? [] : [`  → ${remedies[fault.kind]}`]),
  ].join('\n')
}

const anchorNotes = {
  matches: 'the record still holds what it held then',
  too_old: 'older than retention keeps, so it could not be compared: use a newer one',
} as const

function headOf({ sequence, digest }: { readonly sequence: number; readonly digest: string }): string {
  return `${sequence}:${digest}`
}

function summary({ fault }: AuditReport): string {
  return fault === undefined
    ? 'the record is as it was sealed.'
    : `the record is not as it was sealed: ${describeFault(fault)}.`
}

export function describeFault({ kind, sequence, lastSequence, rowId }: AuditFault): string {
  const id = rowId === undefined ? '' : ` (id ${rowId})`
  switch (kind) {
    case 'row_changed':
      return `row ${sequence}${id} is not what was sealed there; it was changed or exchanged`
    case 'rows_removed':
      return lastSequence === undefined || lastSequence === sequence
        ? `row ${sequence} is missing`
        : `rows ${sequence} to ${lastSequence} are missing`
    case 'row_inserted':
      return `row ${sequence}${id} was put in`
    case 'head_changed':
      return 'its head was changed, so rows may be missing at its beginning or its end'
    case 'head_missing':
      return 'its head is missing, so rows may be missing at its end'
    case 'other_key':
      return 'it was sealed with another master key, or its head was changed'
    case 'anchor_differs':
      return `row ${sequence} is another one than the head given by --head`
  }
}

const lookIntoIt =
  'Compare with a backup or an export from before; find out who can write to the database. Nothing repairs the record.'
const remedies: Readonly<Record<AuditFault['kind'], string>> = {
  row_changed: lookIntoIt,
  rows_removed: lookIntoIt,
  row_inserted: lookIntoIt,
  head_changed: `${lookIntoIt} Until the head is put back from a backup, new rows stay unsealed.`,
  head_missing: lookIntoIt,
  other_key: 'Set REKEY_MASTER_KEY to the key of the server that wrote the record, and verify again.',
  anchor_differs: `Check that the head is this tenant's. If it is: ${lookIntoIt}`,
}

function describeUnsealed({ unsealed: { count, oldestAgeMs = 0 } }: AuditReport): string {
  if (count === 0) {
    return 'none'
  }
  const waiting = `${count} ${count === 1 ? 'row' : 'rows'}, the oldest for ${Math.round(oldestAgeMs / SECOND_MS)} s`
  return oldestAgeMs < LATE_AFTER_MS
    ? waiting
    : `${waiting}: "rekey serve" seals them; is it running, and what does its log say?`
}

/** The same for machines: every key is always there. */
export function auditReportAsJson(tenant: Tenant, report: AuditReport): object {
  const { rows, head, unsealed, fault, anchor } = report
  return {
    tenant: tenant.code,
    ok: fault === undefined,
    rows,
    removed_sequence: head?.removedSequence ?? 0,
    head: head === undefined ? null : headOf(head),
    sealed_at: head === undefined ? null : new Date(head.sealedAt).toISOString(),
    unsealed: {
      count: unsealed.count,
      oldest_age_seconds: unsealed.oldestAgeMs === undefined ? null : unsealed.oldestAgeMs / SECOND_MS,
    },
    earlier_head: anchor ?? null,
    fault:
      fault === undefined
        ? null
        : {
            kind: fault.kind,
            sequence: fault.sequence ?? null,
            last_sequence: fault.lastSequence ?? null,
            row_id: fault.rowId ?? null,
            message: describeFault(fault),
          },
  }
}
