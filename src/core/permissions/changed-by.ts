import type { AuditRow } from '../../audit/audit-row.ts'
import type { Caller } from './caller.ts'

/** Who changed what in which call, for the record. */
export function changedBy(
  caller: Caller,
  targetKind: AuditRow['targetKind'],
  targetId: string,
): Omit<AuditRow, 'action' | 'detail'> {
  return {
    tenantId: caller.tenant.id,
    actor: { kind: 'application', id: caller.application.id },
    targetKind,
    targetId,
    requestId: caller.requestId,
  }
}
