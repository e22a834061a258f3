import type { Reset } from '../../core/reset/reset-state.ts'
import { formatTime } from '../../core/tenants/format-time.ts'
import type { SendMode, Tenant } from '../../core/tenants/tenant.ts'
import type { User } from '../../core/users/user.ts'
import { type ApiError, publicText } from '../../errors/api-error.ts'
import { remedyOf } from '../report-failure.ts'

export interface ResetReport {
  readonly ok: boolean
  readonly lines: readonly string[]
  readonly json: object
}

export function presentDelivered(p: {
  readonly tenant: Tenant
  readonly user: User
  readonly requestId: string
  readonly resetId: string
  /** Undefined: its row is no longer kept. */
  readonly reset: Reset | undefined
}): ResetReport {
  const { tenant, user, reset } = p
  const way = reset === undefined ? '' : ` by ${reset.sendMode} to ${reset.destinationMasked}`
  const gateway = reset?.gateway === undefined ? '' : `, accepted by gateway ${reset.gateway}`
  return {
    ok: true,
    lines: [
      `✓ A new password for ${user.userName} was sent${way}${gateway}.`,
      ...(reset === undefined
        ? []
        : [
            ...keptPassword(reset),
            `  It works until ${formatTime(reset.deadlineAt, tenant.timeZone).slice(0, 19)} (${tenant.timeZone}), and must be changed at the first sign-in.`,
          ]),
      `  Reset ${p.resetId}; follow it with: rekey list-resets ${user.userName}`,
    ],
    json: {
      ok: true,
      user_id: user.id,
      reset_id: p.resetId,
      send_mode: reset?.sendMode ?? null,
      old_password: reset?.oldPasswordMode ?? null,
      destination: reset?.destinationMasked ?? null,
      gateway: reset?.gateway ?? null,
      deadline_at: reset === undefined ? null : new Date(reset.deadlineAt).toISOString(),
      request_id: p.requestId,
    },
  }
}

function keptPassword({ oldPasswordMode, promotedAt }: Reset): readonly string[] {
  return oldPasswordMode === 'keep-until-used' && promotedAt === undefined
    ? ['  The old password works until the new one is used.']
    : []
}

export function presentRefused(p: {
  readonly user: User
  readonly requestId: string
  readonly sendMode: SendMode
  readonly error: ApiError
}): ResetReport {
  const { user, error, requestId } = p
  const { code, detail } = error
  const message = publicText(code, 'en', error.params)
  const remedy = remedyOf(error)
  return {
    ok: false,
    lines: [
      `✗ ${headline(user.userName, detail)}: ${code}${detail === undefined ? '' : ` (${detail})`}`,
      `  ${message}.`,
      `  ${remedy}`,
      `  What was tried: rekey list-resets ${user.userName}`,
    ],
    json: {
      ok: false,
      user_id: user.id,
      send_mode: p.sendMode,
      code,
      message,
      detail: detail ?? null,
      remedy,
      request_id: requestId,
    },
  }
}

function headline(userName: string, detail: string | undefined): string {
  switch (detail) {
    case 'delivery_unknown':
      return `Nobody knows whether ${userName} gets the message; old and new password work until one is used`
    case 'revoked_unknown':
      return `Nobody knows whether ${userName} gets the message; the old password is revoked`
    case 'revoked_undelivered':
      return `No new password was sent to ${userName}, and the old one is revoked, so reset again`
    default:
      return `No new password was sent to ${userName}`
  }
}
