import type { AuditRow } from '../../audit/audit-row.ts'
import type { Caller } from '../permissions/caller.ts'

/** Who changed which user in which call, for the record. */
export function changedBy(caller: Caller, userId: string): Omit<AuditRow, 'action' | 'detail'> {
  return {
    tenantId: caller.tenant.id,
    actor: { kind: 'application', id: caller.application.id },
    targetKind: 'user',
    targetId: userId,
    requestId: caller.requestId,
  }
}
