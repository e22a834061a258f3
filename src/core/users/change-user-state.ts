import type { Repositories, Store } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { type Changer, changedBy } from '../permissions/changed-by.ts'
import { voidPassword, withdrawResets } from '../reset/withdraw-resets.ts'
import { lockChangeableUser } from './lock-changeable-user.ts'
import type { UserWithCredential } from './user.ts'

/**
 * Disables a user. True afterwards, in one transaction: nobody signs in as them, every open reset is superseded and a
 * delivered password that was not replaced yet is void, sessions and open sign-ins have ended (reset protocol,
 * rules 8 and 9). A user who is disabled already stays as they are.
 * @throws ApiError USER.0001, USER.9006
 */
export async function disableUser(
  store: Store,
  caller: Caller,
  userId: string,
): Promise<{ readonly userId: string }> {
  return await store.transaction(async (repositories) => {
    const user = await lockChangeableUser(repositories, caller, userId)
    await writeDisabled(repositories, caller, user)
    return { userId }
  })
}

/** The same under the lock of a user who may be changed. */
export async function writeDisabled(
  repositories: Repositories,
  by: Caller | Changer,
  user: UserWithCredential,
): Promise<void> {
  if (user.disabled) {
    return
  }
  const { voidsPassword, supersededIds } = await withdrawResets(repositories, {
    user,
    reason: 'user_disabled',
  })
  const now = await repositories.now()
  const ended = await endCredential(repositories, user, voidsPassword, now)
  const changedAt = await repositories.users.claimChangeTime(user.tenantId)
  await repositories.users.setDisabled(user.tenantId, user.id, true, changedAt)
  await appendChange(repositories, by, user, 'user.disabled', {
    supersededResets: supersededIds,
    voidedPassword: voidsPassword,
    endedSessions: ended.sessions,
    endedStateTokens: ended.stateTokens,
  })
}

/**
 * Enables a user. What disabling ended stays ended: no reset reopens (reset protocol, rule 8).
 * @throws ApiError USER.0001, USER.9006
 */
export async function enableUser(
  store: Store,
  caller: Caller,
  userId: string,
): Promise<{ readonly userId: string }> {
  return await store.transaction(async (repositories) => {
    const user = await lockChangeableUser(repositories, caller, userId)
    await writeEnabled(repositories, caller, user)
    return { userId }
  })
}

/** The same under the lock of a user who may be changed. */
export async function writeEnabled(
  repositories: Repositories,
  by: Caller | Changer,
  user: UserWithCredential,
): Promise<void> {
  if (user.disabled) {
    const changedAt = await repositories.users.claimChangeTime(user.tenantId)
    await repositories.users.setDisabled(user.tenantId, user.id, false, changedAt)
    await appendChange(repositories, by, user, 'user.enabled', {})
  }
}

async function endCredential(
  repositories: Repositories,
  user: UserWithCredential,
  voidsPassword: boolean,
  now: number,
): Promise<{ readonly sessions: number; readonly stateTokens: number }> {
  if (voidsPassword) {
    return await voidPassword(repositories, user, now)
  }
  await repositories.users.bumpCredentialVersion(user.tenantId, user.id)
  return await repositories.sessions.endAll(user.tenantId, user.id)
}

async function appendChange(
  repositories: Repositories,
  by: Caller | Changer,
  user: UserWithCredential,
  action: 'user.disabled' | 'user.enabled',
  detail: Record<string, string | number | boolean | readonly string[]>,
): Promise<void> {
  await repositories.audit.append({ ...changedBy(by, 'user', user.id), action, detail })
}
