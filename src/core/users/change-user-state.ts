import type { AuditRow } from '../../audit/audit-row.ts'
import { ApiError } from '../../errors/api-error.ts'
import type { Repositories, Store } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { type Changer, changedBy } from '../permissions/changed-by.ts'
import { voidPassword, type WithdrawalReason, withdrawResets } from '../reset/withdraw-resets.ts'
import type { Tenant } from '../tenants/tenant.ts'
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
  await disableLocked(repositories, {
    user,
    reason: 'user_disabled',
    mustVoidPassword: false,
    record: changedBy(by, 'user', user.id),
    now: await repositories.now(),
  })
}

/**
 * Ends everything that signs a user in, and disables them; call under the user's lock. True afterwards: as `disableUser`
 * says, for a user who was disabled before too; with `mustVoidPassword` there is no password at all. On record is what
 * ended, and only whom this call disabled was disabled by it.
 */
export async function disableLocked(
  repositories: Repositories,
  p: {
    readonly user: UserWithCredential
    readonly reason: WithdrawalReason
    readonly mustVoidPassword: boolean
    readonly record: Omit<AuditRow, 'action' | 'detail'>
    readonly now: number
  },
): Promise<Ended> {
  const { user, reason, now } = p
  const { voidsPassword, supersededIds } = await withdrawResets(repositories, { user, reason })
  const voidedPassword = voidsPassword || p.mustVoidPassword
  const counts = await endCredential(repositories, user, voidedPassword, now)
  const ended = {
    supersededResets: supersededIds,
    voidedPassword,
    endedSessions: counts.sessions,
    endedStateTokens: counts.stateTokens,
  }
  if (!user.disabled) {
    const changedAt = await repositories.users.claimChangeTime(user.tenantId)
    await repositories.users.setDisabled(user.tenantId, user.id, true, changedAt)
    await repositories.audit.append({ ...p.record, action: 'user.disabled', detail: ended })
  }
  return ended
}

/** What the record says of it. */
export type Ended = {
  readonly supersededResets: readonly string[]
  readonly voidedPassword: boolean
  readonly endedSessions: number
  readonly endedStateTokens: number
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
  await enableLocked(repositories, user, changedBy(by, 'user', user.id))
}

/**
 * The same as an operator, who may enable everybody.
 * @throws ApiError USER.0001
 */
export async function enableUserAsOperator(
  store: Pick<Store, 'transaction'>,
  call: { readonly tenant: Tenant; readonly userId: string; readonly requestId: string },
): Promise<{ readonly wasDisabled: boolean }> {
  const { tenant, userId, requestId } = call
  return await store.transaction(async (repositories) => {
    const user = await repositories.users.lock(tenant.id, userId)
    if (user === undefined) {
      throw new ApiError('USER.0001')
    }
    await enableLocked(repositories, user, {
      tenantId: tenant.id,
      actor: { kind: 'operator', id: undefined },
      targetKind: 'user',
      targetId: userId,
      requestId,
    })
    return { wasDisabled: user.disabled }
  })
}

async function enableLocked(
  repositories: Repositories,
  user: UserWithCredential,
  record: Omit<AuditRow, 'action' | 'detail'>,
): Promise<void> {
  if (user.disabled) {
    const changedAt = await repositories.users.claimChangeTime(user.tenantId)
    await repositories.users.setDisabled(user.tenantId, user.id, false, changedAt)
    await repositories.audit.append({ ...record, action: 'user.enabled', detail: {} })
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
