import type { Repositories } from '../../store/store.ts'
import { type PromoteReset, promoteReset } from './promote-reset.ts'
import { supersedeResets } from './withdraw-resets.ts'

/**
 * A gateway took the message; call under the user's lock. True afterwards, if it answers true: the reset is `accepted`.
 * It has become the password, unless the old one is to be kept until the new one is used: then only resets that are not
 * promoted gave way, and everything of promotion happens at the first sign-in (reset protocol, rule 11).
 * False: the reset was no longer this call's, nothing changed.
 */
export async function acceptReset(
  repositories: Repositories,
  acceptance: Omit<PromoteReset, 'to'>,
): Promise<boolean> {
  return acceptance.reset.oldPasswordMode === 'keep-until-used'
    ? await acceptUnpromoted(repositories, acceptance)
    : (await promoteReset(repositories, { ...acceptance, to: 'accepted' })) !== undefined
}

async function acceptUnpromoted(
  repositories: Repositories,
  { user, reset, actor, requestId, now }: Omit<PromoteReset, 'to'>,
): Promise<boolean> {
  const moved = await repositories.resets.change(
    reset.tenantId,
    reset.id,
    // `unknown` with the token still there: recovery was faster, but nobody was told yet (rule 4)
    { states: ['sending', 'unknown'], leaseToken: reset.leaseToken },
    {
      state: 'accepted',
      leaseToken: undefined,
      leaseExpiresAt: undefined,
      detail: undefined,
      settledAt: now,
      acceptedAt: now,
      gateway: reset.gateway,
    },
  )
  if (!moved) {
    return false
  }
  const open = await repositories.resets.listOpen(user.tenantId, user.id)
  const earlier = open.filter(
    (other) => other.sequence < reset.sequence && other.promotedAt === undefined, // a promoted one is the old password
  )
  await supersedeResets(repositories, { user, resets: earlier, reason: 'newer_reset' })
  await repositories.audit.append({
    tenantId: user.tenantId,
    action: 'reset.accepted',
    actor,
    targetKind: 'reset',
    targetId: reset.id,
    requestId,
    detail: {
      userId: user.id,
      sendMode: reset.sendMode,
      ...(reset.gateway === undefined ? {} : { gateway: reset.gateway }),
      supersededResets: earlier.map((other) => other.id),
      oldPassword: reset.oldPasswordMode,
      promoted: false,
    },
  })
  return true
}
