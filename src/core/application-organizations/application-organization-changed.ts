import type { AuditRow } from '../../audit/audit-row.ts'
import type { ApplicationOrganizationKey } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'

/** What happened to an application's organisation in this call, for the record: ids only. */
export function applicationOrganizationChanged(
  caller: Caller,
  key: ApplicationOrganizationKey,
  word: 'created' | 'updated' | 'removed',
  detail: AuditRow['detail'] = {},
): AuditRow {
  return {
    tenantId: key.tenantId,
    action: `application_organization.${word}`,
    actor: { kind: 'application', id: caller.application.id },
    targetKind: 'application_organization',
    targetId: key.organizationId,
    requestId: caller.requestId,
    detail: { applicationId: key.applicationId, ...detail },
  }
}
