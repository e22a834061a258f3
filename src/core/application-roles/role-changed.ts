import type { AuditRow } from '../../audit/audit-row.ts'
import type { RoleKey } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'

/** What happened to a role in this call, for the record: ids only. */
export function roleChanged(
  caller: Caller,
  key: RoleKey,
  action: string,
  detail: AuditRow['detail'] = {},
): AuditRow {
  return {
    tenantId: key.tenantId,
    action,
    actor: { kind: 'application', id: caller.application.id },
    targetKind: 'application_role',
    targetId: key.roleId,
    requestId: caller.requestId,
    detail: { applicationId: key.applicationId, ...detail },
  }
}
