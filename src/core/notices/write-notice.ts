import type { Repositories } from '../../store/store.ts'
import { HOUR_MS } from '../clock.ts'
import { newId } from '../new-id.ts'
import type { RandomBytes } from '../randomness.ts'
import { changedContacts } from '../reset/withdraw-resets.ts'
import type { NoticeSettings, SendMode } from '../tenants/tenant.ts'
import type { User } from '../users/user.ts'
import { type Notice, noticeContext } from './notice.ts'

/** Later nobody would know any more what it is about. */
const SEND_WITHIN_MS = 24 * HOUR_MS

/** What the writing of a notice needs. */
export interface NoticeTools {
  /** Makes an address illegible in the database; `context` says whose it is. */
  readonly sealAddress: (address: string, context: string) => string
  readonly random: RandomBytes
}

export interface NoticeWriting extends NoticeTools {
  readonly settings: NoticeSettings
  readonly now: number
}

/**
 * Has the user told that the password is another one, at the first of `channels` on which they can be told; call in the
 * transaction that changes it. True afterwards: the notice is sent if and only if that transaction commits.
 * @param resetId of the reset that changed it, if one did
 */
export async function tellPasswordChanged(
  repositories: Pick<Repositories, 'notices'>,
  user: User,
  channels: readonly SendMode[],
  writing: NoticeWriting,
  resetId?: string,
): Promise<void> {
  if (writing.settings.passwordChanged) {
    const variables = resetId === undefined ? {} : { resetId }
    await write(repositories, { user, event: 'password-changed', channels, variables }, writing)
  }
}

/**
 * Has the old contact told that another one took its place, or the other one where there was none or it cannot be told;
 * call in the transaction that changes it, with the user as before.
 */
export async function tellContactsChanged(
  repositories: Pick<Repositories, 'notices'>,
  user: User,
  after: Pick<User, 'email' | 'mobile'>,
  writing: NoticeWriting,
): Promise<void> {
  if (!writing.settings.contactChanged) {
    return
  }
  for (const contact of changedContacts(user, after)) {
    const channels = [contact, otherChannel(contact)]
    await write(repositories, { user, event: 'contact-changed', channels, variables: { contact } }, writing)
  }
}

/**
 * Has the user told that wrong passwords locked the account, by mail if there is an address; call in the transaction
 * that marks the lock as told.
 */
export async function tellAccountLocked(
  repositories: Pick<Repositories, 'notices'>,
  user: User,
  lock: { readonly lockedUntil: number; readonly lockedAt: number },
  writing: NoticeWriting,
): Promise<void> {
  if (!writing.settings.accountLocked) {
    return
  }
  const { lockedUntil, lockedAt: occurredAt } = lock
  const told = {
    user,
    event: 'account-locked',
    channels: ['EMAIL', 'SMS'],
    variables: { lockedUntil },
  } as const
  await write(repositories, { ...told, occurredAt }, writing)
}

export function otherChannel(channel: SendMode): SendMode {
  return channel === 'EMAIL' ? 'SMS' : 'EMAIL'
}

async function write(
  repositories: Pick<Repositories, 'notices'>,
  told: Pick<Notice, 'event' | 'variables'> & {
    readonly user: User
    readonly channels: readonly SendMode[]
    /** Unless it is now. */
    readonly occurredAt?: number
  },
  { settings, sealAddress, random, now }: NoticeWriting,
): Promise<void> {
  const { user, event, variables, occurredAt = now } = told
  const addresses = { EMAIL: user.email, SMS: settings.bySms ? user.mobile : undefined }
  const channel = told.channels.find((each) => addresses[each])
  const address = channel && addresses[channel]
  if (channel === undefined || !address) {
    return
  }
  const key = { tenantId: user.tenantId, id: newId(now, random) }
  await repositories.notices.insert({
    ...key,
    userId: user.id,
    event,
    channel,
    destinationSealed: sealAddress(address, noticeContext(key)),
    variables,
    createdAt: occurredAt,
    dueAt: now,
    deadlineAt: now + SEND_WITHIN_MS,
    attempts: 0,
    unsettledAttempts: 0,
  })
}
