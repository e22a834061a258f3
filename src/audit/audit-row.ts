/** One fact of the record. Written in the transaction of the change it tells about. Holds ids and words, no personal data. */
export interface AuditRow {
  readonly tenantId: string
  /** `noun.verb`, e.g. `reset.accepted`, `user.disabled`, `sign_in.failed`. */
  readonly action: string
  readonly actor: AuditActor
  readonly targetKind:
    | 'user'
    | 'reset'
    | 'application'
    | 'permission_bundle'
    | 'application_organization'
    | 'application_role'
    | 'account'
    | 'organization'
    | 'tenant'
    | 'gateway'
    | 'template'
    | 'code'
    | 'user_import'
    | 'webhook'
  readonly targetId: string | undefined
  readonly requestId: string | undefined
  /** Ids, counts and stable words only. */
  readonly detail: Readonly<Record<string, string | number | boolean | readonly string[]>>
}

export interface AuditActor {
  readonly kind: 'application' | 'user' | 'operator' | 'server' | 'anonymous'
  readonly id: string | undefined
}
