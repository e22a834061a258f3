import type { StoredAuditRow } from '../../store/audit-chain-store.ts'
import type { WebhookEvent } from './webhook-event.ts'

/** What an event says: ids and words, never a name, an address or a password. */
export interface EventOfRow {
  readonly event: WebhookEvent
  readonly data: Readonly<Record<string, unknown>>
}

type Detail = Readonly<Record<string, unknown>>
type RowOfRecord = Omit<StoredAuditRow, 'tenantId' | 'requestId'> & Partial<Pick<StoredAuditRow, 'requestId'>>

/** Actions of the record that are one event each, whatever else they are. */
const direct: Readonly<Record<string, WebhookEvent>> = {
  'user.created': 'user.created',
  'user.updated': 'user.updated',
  'user.enabled': 'user.enabled',
  'user.disabled': 'user.disabled',
  'user.unlocked': 'user.unlocked',
  'user.removed': 'user.deleted',
  'user.erased': 'user.erased',
  'password.changed': 'credential.changed',
  'password.recovered': 'credential.changed',
  'reset.prepared': 'reset.requested',
  'reset.sending': 'reset.sending',
  'reset.accepted': 'reset.accepted',
  'reset.failed': 'reset.failed',
  'reset.unknown': 'reset.unknown',
  'reset.used': 'reset.used',
  'reset.completed': 'reset.completed',
  'reset.superseded': 'reset.superseded',
  'reset.expired': 'reset.expired',
  'reset.expired_unused': 'reset.expired_unused',
  'reset.storm': 'reset.storm',
  'reset.disowned': 'reset.disowned',
  'password.disowned': 'credential.disowned',
}

/** Wrong guesses that locked somebody. */
const locking = [
  'sign_in.locked',
  'second_factor.locked',
  'password_change.locked',
  'password_recovery.locked',
]

/** Every action of which an event may come: the rest of the record is not read. */
export const actionsWithEvents: readonly string[] = [
  ...Object.keys(direct),
  ...locking,
  'password.change_failed',
]

/** The events of one audit row, in the order in which they are told. */
export function eventsOfRow(row: RowOfRecord): readonly EventOfRow[] {
  const detail = JSON.parse(row.detailJson) as Detail
  return eventNames(row, detail).map((event) => ({ event, data: describe(row, detail, event) }))
}

function eventNames({ action, targetId }: RowOfRecord, detail: Detail): readonly WebhookEvent[] {
  const isLock =
    locking.includes(action) ||
    (action === 'password.change_failed' && detail.reason === 'wrong_password_locked')
  if (isLock) {
    return targetId === undefined ? [] : ['user.locked'] // a name that nobody has is locked too
  }
  const own = direct[action]
  return [
    ...(own === undefined ? [] : [own]),
    ...(isPromotion(action, detail) ? (['credential.changed'] as const) : []),
    ...(isVoiding(action, detail) ? (['credential.voided'] as const) : []),
  ]
}

/** Of a user who is frozen by saying so, the row of the disabling has told already, if there is one. */
function isVoiding(action: string, detail: Detail): boolean {
  const isToldBefore = action.endsWith('.disowned') && detail.wasDisabled !== true
  return detail.voidedPassword === true && !isToldBefore
}

/** A reset's secret became the password: only then do sessions end with it. */
function isPromotion(action: string, detail: Detail): boolean {
  return (action === 'reset.accepted' || action === 'reset.used') && detail.endedSessions !== undefined
}

function describe(row: RowOfRecord, detail: Detail, event: WebhookEvent): Readonly<Record<string, unknown>> {
  const isOfReset = row.targetKind === 'reset'
  return {
    audit_id: row.id,
    user_id: isOfReset ? detail.userId : row.targetId,
    ...(isOfReset ? { reset_id: row.targetId } : {}),
    ...(event === 'credential.changed' ? { by: changedBy(row, isOfReset) } : {}),
    ...words(detail),
    actor: { kind: row.actorKind, ...(row.actorId === undefined ? {} : { id: row.actorId }) },
    ...(row.requestId === undefined ? {} : { request_id: row.requestId }),
  }
}

function changedBy({ actorKind }: RowOfRecord, isOfReset: boolean): string {
  return isOfReset ? 'reset' : actorKind === 'user' ? 'self' : actorKind
}

/** What of a row's detail leaves the house: a list, so that a new word of the record does not leave by itself. */
function words(detail: Detail): Readonly<Record<string, unknown>> {
  const given: Readonly<Record<string, unknown>> = {
    fields: detail.fields,
    send_mode: detail.sendMode,
    gateway: detail.gateway,
    reason: detail.reason,
    revoked: detail.revoked,
    superseded_reset_ids: detail.supersededResets,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
