import type { AuditActor } from '../../audit/audit-row.ts'
import type { Repositories } from '../../store/store.ts'
import { changedContacts, withdrawForChangedContact } from '../reset/withdraw-resets.ts'
import type { User, UserWithCredential } from './user.ts'

/**
 * Replaces a user's record, after what a change of contacts withdraws (reset protocol, rule 8); call under the user's
 * lock, and as the last that waits for anybody: the time of the change is claimed here.
 * True afterwards: the record is `after`, but a password that became void must be changed whatever `after` says.
 */
export async function replaceRecord(
  repositories: Repositories,
  p: {
    readonly user: UserWithCredential
    readonly after: User
    /** What the contacts end up as; `after` may be a step on the way. */
    readonly contacts: Pick<User, 'email' | 'mobile'>
    readonly actor: AuditActor
    readonly requestId: string | undefined
    readonly now: number
  },
): Promise<void> {
  const { user, after, contacts } = p
  const { email, mobile } = contacts
  let { mustChangePassword } = after
  if (changedContacts(user, contacts).length > 0) {
    await withdrawForChangedContact(repositories, { ...p, email, mobile })
    const withdrawn = await repositories.users.findWithCredential(user.tenantId, user.id)
    const isVoid = withdrawn !== undefined && withdrawn.credential.version !== user.credential.version
    mustChangePassword = isVoid ? withdrawn.mustChangePassword : mustChangePassword
  }
  const updatedAt = await repositories.users.claimChangeTime(user.tenantId)
  await repositories.users.update({ ...after, mustChangePassword, updatedAt })
}
