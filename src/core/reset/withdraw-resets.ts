import type { AuditActor } from '../../audit/audit-row.ts'
import type { Repositories } from '../../store/store.ts'
import type { SendMode } from '../tenants/tenant.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { User, UserWithCredential } from '../users/user.ts'
import { openStates, RECOGNISED_RESETS_MAX, type Reset } from './reset-state.ts'

/** Stable words: why a reset was superseded. */
export type WithdrawalReason =
  | 'newer_reset'
  | 'too_many_unknown'
  | 'password_changed'
  | 'user_disabled'
  | 'user_removed'
  | 'contact_changed'
  | 'disowned'

/**
 * Supersedes these open resets of the user, under the user's lock. True afterwards: none of them can be used to sign
 * in; the newest three secrets are still recognised, older ones are forgotten (reset protocol, rule 14).
 * Returns whether one of them was the user's current password: that is void now, and the caller must clear or replace it.
 */
export async function supersedeResets(
  repositories: Repositories,
  p: {
    readonly user: UserWithCredential
    readonly resets: readonly Reset[]
    readonly reason: WithdrawalReason
  },
): Promise<{ readonly voidsPassword: boolean }> {
  const { tenantId, id: userId } = p.user
  for (const reset of p.resets) {
    await repositories.resets.change(
      tenantId,
      reset.id,
      { states: openStates },
      { state: 'superseded', detail: p.reason, leaseToken: undefined, leaseExpiresAt: undefined },
    )
  }
  if (p.resets.length > 0) {
    await repositories.resets.forgetOldSecrets(tenantId, userId, RECOGNISED_RESETS_MAX)
  }
  return { voidsPassword: p.resets.some((reset) => reset.id === p.user.credential.resetId) }
}

/**
 * Supersedes every open reset of the user, for a change that takes over (rule 8). The caller changes the credential
 * in the same transaction: a password that came from one of these resets is void.
 */
export async function withdrawResets(
  repositories: Repositories,
  p: { readonly user: UserWithCredential; readonly reason: WithdrawalReason },
): Promise<{ readonly voidsPassword: boolean; readonly supersededIds: readonly string[] }> {
  const resets = await repositories.resets.listOpen(p.user.tenantId, p.user.id)
  const { voidsPassword } = await supersedeResets(repositories, { user: p.user, resets, reason: p.reason })
  return { voidsPassword, supersededIds: resets.map((reset) => reset.id) }
}

/**
 * Call under the user's lock, before a changed or cleared e-mail address or mobile number is stored (rule 8). True
 * afterwards: pending resets sent to the old contact are superseded, and a delivered password that nobody used yet is
 * void at once, with its sessions. A reset already used to sign in stays: its owner has shown that it arrived.
 */
export async function withdrawForChangedContact(
  repositories: Repositories,
  p: {
    /** Before the change. */
    readonly user: UserWithCredential
    readonly email: string | undefined
    readonly mobile: string | undefined
    readonly actor: AuditActor
    readonly requestId: string | undefined
    readonly now: number
  },
): Promise<void> {
  const changedModes = changedContacts(p.user, p)
  const open = await repositories.resets.listOpen(p.user.tenantId, p.user.id)
  const resets = open.filter((reset) => changedModes.includes(reset.sendMode) && reset.state !== 'used')
  if (resets.length === 0) {
    return
  }
  const { voidsPassword } = await supersedeResets(repositories, {
    user: p.user,
    resets,
    reason: 'contact_changed',
  })
  const ended = voidsPassword ? await voidPassword(repositories, p.user, p.now) : undefined
  await repositories.audit.append({
    tenantId: p.user.tenantId,
    action: 'reset.superseded',
    actor: p.actor,
    targetKind: 'user',
    targetId: p.user.id,
    requestId: p.requestId,
    detail: {
      reason: 'contact_changed',
      supersededResets: resets.map((reset) => reset.id),
      voidedPassword: voidsPassword,
      endedSessions: ended?.sessions ?? 0,
      endedStateTokens: ended?.stateTokens ?? 0,
    },
  })
}

/** True afterwards: the user has no password, the version has grown, sessions and open sign-ins have ended. */
export async function voidPassword(
  repositories: Repositories,
  user: UserWithCredential,
  now: number,
): Promise<{ readonly sessions: number; readonly stateTokens: number }> {
  await repositories.users.replaceCredential(user.tenantId, user.id, {
    digest: undefined,
    resetId: undefined,
    mustChangePassword: true,
    changedAt: now,
  })
  return await repositories.sessions.endAll(user.tenantId, user.id)
}

/** Which contacts are another one afterwards; an address in other letters is the same. */
export function changedContacts(
  user: Pick<User, 'email' | 'mobile'>,
  after: { readonly email: string | undefined; readonly mobile: string | undefined },
): readonly SendMode[] {
  const sameEmail =
    user.email === after.email ||
    (user.email !== undefined &&
      after.email !== undefined &&
      normaliseKey(user.email) === normaliseKey(after.email))
  return [
    ...(sameEmail ? [] : (['EMAIL'] as const)),
    ...(user.mobile === after.mobile ? [] : (['SMS'] as const)),
  ]
}
