import type { Reset, ResetState } from '../core/reset/reset-state.ts'
import type { OldPasswordMode, SendMode } from '../core/tenants/tenant.ts'
import { known, orNull } from './row-values.ts'
import type { ResetTable } from './tables.ts'

export const resetColumns = [
  'tenant_id',
  'id',
  'user_id',
  'sequence',
  'application_id',
  'send_mode',
  'old_password_mode',
  'state',
  'digest',
  'destination_mac',
  'destination_masked',
  'lease_token',
  'lease_expires_at',
  'detail',
  'gateway',
  'prepared_at',
  'settled_at',
  'accepted_at',
  'promoted_at',
  'used_at',
  'deadline_at',
  'disowned_at',
] as const satisfies readonly (keyof ResetTable)[]

/** What of a reset may change after it is prepared. */
export type ChangeableColumns = Partial<
  Pick<
    ResetTable,
    | 'state'
    | 'digest'
    | 'lease_token'
    | 'lease_expires_at'
    | 'detail'
    | 'gateway'
    | 'settled_at'
    | 'accepted_at'
    | 'promoted_at'
    | 'used_at'
    | 'disowned_at'
  >
>

export function toReset(row: ResetTable): Reset {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    userId: row.user_id,
    sequence: row.sequence,
    applicationId: known(row.application_id),
    sendMode: row.send_mode as SendMode,
    oldPasswordMode: row.old_password_mode as OldPasswordMode,
    state: row.state as ResetState,
    digest: known(row.digest),
    destinationMac: row.destination_mac,
    destinationMasked: row.destination_masked,
    leaseToken: known(row.lease_token),
    leaseExpiresAt: known(row.lease_expires_at),
    detail: known(row.detail),
    gateway: known(row.gateway),
    preparedAt: row.prepared_at,
    settledAt: known(row.settled_at),
    acceptedAt: known(row.accepted_at),
    promotedAt: known(row.promoted_at),
    usedAt: known(row.used_at),
    deadlineAt: row.deadline_at,
    disownedAt: known(row.disowned_at),
  }
}

export function toResetRow(reset: Reset): ResetTable {
  return {
    tenant_id: reset.tenantId,
    id: reset.id,
    user_id: reset.userId,
    sequence: reset.sequence,
    application_id: orNull(reset.applicationId),
    send_mode: reset.sendMode,
    old_password_mode: reset.oldPasswordMode,
    state: reset.state,
    digest: orNull(reset.digest),
    destination_mac: reset.destinationMac,
    destination_masked: reset.destinationMasked,
    lease_token: orNull(reset.leaseToken),
    lease_expires_at: orNull(reset.leaseExpiresAt),
    detail: orNull(reset.detail),
    gateway: orNull(reset.gateway),
    prepared_at: reset.preparedAt,
    settled_at: orNull(reset.settledAt),
    accepted_at: orNull(reset.acceptedAt),
    promoted_at: orNull(reset.promotedAt),
    used_at: orNull(reset.usedAt),
    deadline_at: reset.deadlineAt,
    disowned_at: orNull(reset.disownedAt),
  }
}
