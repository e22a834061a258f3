import type { AuditActor } from '../../audit/audit-row.ts'
import type { Repositories } from '../../store/store.ts'
import { type NoticeTools, otherChannel, tellPasswordChanged } from '../notices/write-notice.ts'
import type { NoticeSettings } from '../tenants/tenant.ts'
import type { UserWithCredential } from '../users/user.ts'
import type { Reset } from './reset-state.ts'
import { supersedeResets } from './withdraw-resets.ts'

export interface PromoteReset {
  /** As read under the user's lock in this transaction. */
  readonly user: UserWithCredential
  /** As read in this transaction; or with the lease token that this call holds. */
  readonly reset: Reset
  /** `accepted`: a gateway took the message. `used`: somebody signed in with the secret, which proves that it arrived. */
  readonly to: 'accepted' | 'used'
  /** How many earlier passwords the tenant's policy remembers. */
  readonly historyLength: number
  /** How the user's other contact is told of it. */
  readonly notices: NoticeTools & { readonly settings: NoticeSettings }
  readonly actor: AuditActor
  readonly requestId: string | undefined
  readonly now: number
}

/**
 * Makes the reset's secret the user's password (reset protocol, rule 9). True afterwards, all in one transaction: the
 * reset is `accepted` or `used`, its digest is the credential and must be changed, the old hash is history, every
 * earlier open reset is superseded, the credential version has grown, sessions and open sign-ins have ended, and the
 * user's other contact is going to be told.
 * Undefined: the reset was no longer in the expected state, nothing changed; read again. Otherwise the new version.
 */
export async function promoteReset(
  repositories: Repositories,
  promotion: PromoteReset,
): Promise<{ readonly credentialVersion: number } | undefined> {
  const { user, reset, now } = promotion
  const moved = await moveToPromoted(repositories, promotion)
  if (!moved || reset.digest === undefined) {
    return undefined
  }
  const open = await repositories.resets.listOpen(user.tenantId, user.id)
  const earlier = open.filter((other) => other.sequence < reset.sequence)
  await supersedeResets(repositories, { user, resets: earlier, reason: 'newer_reset' })
  await repositories.users.rememberPassword(user.tenantId, user.id, now, promotion.historyLength)
  const credentialVersion = await repositories.users.replaceCredential(user.tenantId, user.id, {
    digest: reset.digest,
    resetId: reset.id,
    mustChangePassword: true,
    changedAt: now,
  })
  const ended = await repositories.sessions.endAll(user.tenantId, user.id)
  await repositories.audit.append({
    tenantId: user.tenantId,
    action: `reset.${promotion.to}`,
    actor: promotion.actor,
    targetKind: 'reset',
    targetId: reset.id,
    requestId: promotion.requestId,
    detail: {
      userId: user.id,
      sendMode: reset.sendMode,
      ...(reset.gateway === undefined ? {} : { gateway: reset.gateway }),
      supersededResets: earlier.map((other) => other.id),
      endedSessions: ended.sessions,
      endedStateTokens: ended.stateTokens,
    },
  })
  const writing = { ...promotion.notices, now }
  await tellPasswordChanged(repositories, user, [otherChannel(reset.sendMode)], writing, reset.id)
  return { credentialVersion }
}

async function moveToPromoted(repositories: Repositories, promotion: PromoteReset): Promise<boolean> {
  const { reset, now } = promotion
  const ended = { leaseToken: undefined, leaseExpiresAt: undefined, promotedAt: now, detail: undefined }
  if (promotion.to === 'accepted') {
    return await repositories.resets.change(
      reset.tenantId,
      reset.id,
      // `unknown` with the token still there: recovery was faster, but nobody was told yet (rule 4)
      { states: ['sending', 'unknown'], leaseToken: reset.leaseToken },
      { ...ended, state: 'accepted', settledAt: now, acceptedAt: now, gateway: reset.gateway },
    )
  }
  return await repositories.resets.change(
    reset.tenantId,
    reset.id,
    { states: [reset.state] },
    { ...ended, state: 'used', settledAt: reset.settledAt ?? now, usedAt: now },
  )
}
