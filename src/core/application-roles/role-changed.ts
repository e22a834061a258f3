import type { AuditRow } from '../../audit/audit-row.ts'
import type { RoleKey } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { changedBy } from '../permissions/changed-by.ts'

/** What happened to a role in this call, for the record: ids only. */
export function roleChanged(
  caller: Caller,
  key: RoleKey,
  action: string,
  detail: AuditRow['detail'] = {},
): AuditRow {
  return {
    ...changedBy(caller, 'application_role', key.roleId),
    action,
    detail: { applicationId: key.applicationId, ...detail },
  }
}
