import type { AuditRow } from '../../audit/audit-row.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { Caller } from './caller.ts'

/** Who changes something: an application in a call, somebody their own record, or an operator by a command. */
export interface Changer {
  readonly tenant: Tenant
  /** Undefined: an operator's command, unless a user is named. */
  readonly applicationId: string | undefined
  readonly userId?: string
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
  return {
    tenantId: by.tenant.id,
    actor: actorOf(by),
    targetKind,
    targetId,
    requestId: by.requestId,
  }
}

function actorOf(by: Caller | Changer): AuditRow['actor'] {
  if ('userId' in by) return { kind: 'user', id: by.userId }
  const id = 'application' in by ? by.application.id : by.applicationId
  return { kind: id === undefined ? 'operator' : 'application', id }
}
