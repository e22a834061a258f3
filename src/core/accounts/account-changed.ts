import type { AuditActor, AuditRow } from '../../audit/audit-row.ts'
import type { AccountKey } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'

/** What happened to an account in this call, for the record: ids only. */
export function accountChanged(
  caller: Caller,
  key: AccountKey,
  action: string,
  detail: AuditRow['detail'] = {},
): AuditRow {
  const actor = { kind: 'application', id: caller.application.id } as const
  return accountRow({ key, action, actor, requestId: caller.requestId, detail })
}

/** The same for changes that are made on no application's call. */
export function accountRow(p: {
  readonly key: AccountKey
  readonly action: string
  readonly actor: AuditActor
  readonly requestId: string | undefined
  readonly detail?: AuditRow['detail']
}): AuditRow {
  return {
    tenantId: p.key.tenantId,
    action: p.action,
    actor: p.actor,
    targetKind: 'account',
    targetId: p.key.accountId,
    requestId: p.requestId,
    detail: { applicationId: p.key.applicationId, ...p.detail },
  }
}
