import { ApiError } from '../../errors/api-error.ts'
import { type OldPasswordMode, oldPasswordModes } from '../tenants/tenant.ts'
import type { Reset } from './reset-state.ts'

/**
 * What becomes of the old password: as the call says, otherwise as the tenant does. A call may be stricter than its
 * tenant, never laxer; everything that is no mode, or two of them, is refused too, before anybody is looked up
 * (reset protocol, rule 11).
 * @throws ApiError MSG.0004 with detail old_password_mode
 */
export function requireOldPasswordMode(requested: unknown, ofTenant: OldPasswordMode): OldPasswordMode {
  if (requested === undefined) {
    return ofTenant
  }
  const mode = oldPasswordModes.find((one) => one === requested)
  if (mode === undefined || oldPasswordModes.indexOf(mode) < oldPasswordModes.indexOf(ofTenant)) {
    throw new ApiError('MSG.0004', { detail: 'old_password_mode' })
  }
  return mode
}

/** The old password was void before anything was handed out: how the reset ended did not bring it back. */
export function hasRevoked(reset: Pick<Reset, 'oldPasswordMode'>): boolean {
  return reset.oldPasswordMode === 'revoke-now'
}

/** For the record of a reset that ended without a gateway's word: who looks for revoked passwords finds it. */
export function revokedDetail(reset: Pick<Reset, 'oldPasswordMode'>): { readonly revoked?: true } {
  return hasRevoked(reset) ? { revoked: true } : {}
}

/** The stable word for an end that left the user without the old password; undefined: it did not. */
export function revokedWord(reset: Pick<Reset, 'oldPasswordMode' | 'state'>): string | undefined {
  if (!hasRevoked(reset)) {
    return undefined
  }
  switch (reset.state) {
    case 'failed':
      return 'revoked_undelivered'
    case 'unknown':
      return 'revoked_unknown'
    default:
      return undefined
  }
}
