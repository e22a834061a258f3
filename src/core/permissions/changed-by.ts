import type { AuditRow } from '../../audit/audit-row.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { Caller } from './caller.ts'

/** Who changes something: an application in a call, or an operator by a command. */
export interface Changer {
  readonly tenant: Tenant
  /** Undefined: an operator's command. */
  readonly applicationId: string | undefined
  readonly requestId: string
}

export function changerOf({ tenant, application, requestId }: Caller): Changer {
  return { tenant, applicationId: application.id, requestId }
}

/** Who changed what in which call, for the record. */
export function changedBy(
  by: Caller | Changer,
  targetKind: AuditRow['targetKind'],
  targetId: string,
): Omit<AuditRow, 'action' | 'detail'> {
  const id = 'application' in by ? by.application.id : by.applicationId
  return {
    tenantId: by.tenant.id,
    actor: { kind: id === undefined ? 'operator' : 'application', id },
    targetKind,
    targetId,
    requestId: by.requestId,
  }
}
