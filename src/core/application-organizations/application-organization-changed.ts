import type { AuditRow } from '../../audit/audit-row.ts'
import type { ApplicationOrganizationKey } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { changedBy } from '../permissions/changed-by.ts'

/** What happened to an application's organisation in this call, for the record: ids only. */
export function applicationOrganizationChanged(
  caller: Caller,
  key: ApplicationOrganizationKey,
  word: 'created' | 'updated' | 'removed',
  detail: AuditRow['detail'] = {},
): AuditRow {
  return {
    ...changedBy(caller, 'application_organization', key.organizationId),
    action: `application_organization.${word}`,
    detail: { applicationId: key.applicationId, ...detail },
  }
}
