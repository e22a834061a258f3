import type { AuditActor } from '../../audit/audit-row.ts'
import { ApiError } from '../../errors/api-error.ts'
import type { Repositories, UserRepository } from '../../store/store.ts'
import { type NoticeTools, tellPasswordChanged } from '../notices/write-notice.ts'
import { digestsEqual } from '../password/create-password-hasher.ts'
import { isImportedHash } from '../password/imported-hash.ts'
import { judgePassword } from '../password/judge-password.ts'
import type { HashQueue } from '../password/password-hasher.ts'
import { violationError } from '../password/violation-texts.ts'
import { completeReset } from '../reset/complete-reset.ts'
import { withdrawResets } from '../reset/withdraw-resets.ts'
import type { Secret } from '../secret.ts'
import type { SendMode, Tenant } from '../tenants/tenant.ts'
import type { UserWithCredential } from '../users/user.ts'
import {
  clearFailures,
  countFailure,
  type FailureStanding,
  readStanding,
  subjectOfUser,
  wrongPassword,
} from './count-failures.ts'
import type { HashedPassword } from './match-password.ts'
import { refuseForMinimumAge } from './password-age.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/** A new password that the policy allows, under a salt of its own; or why it cannot be had. */
export type ChosenPassword = HashedPassword | ApiError

/** What checking and hashing a chosen password needs. */
type ChoosingDeps = Pick<SignInDeps, 'hasher' | 'judges'> & {
  readonly store: { readonly read: { readonly users: Pick<UserRepository, 'listPasswordHistory'> } }
}

/**
 * Checks and hashes a password that an employee chose. A refusal is a value: it may be told only to somebody whose old
 * password is right, which the transaction decides; nor does the time tell it: whether the password was used before or
 * not, and whatever the old one is, it takes the same hashes.
 * @throws ApiError REQUEST.9011
 */
export async function hashChosenPassword(
  deps: ChoosingDeps,
  tenant: Tenant,
  p: {
    readonly oldPassword: Secret | undefined
    readonly newPassword: Secret
    /** Undefined: nobody's, and nothing comes of it. */
    readonly user: UserWithCredential | undefined
    readonly lane: HashQueue
  },
): Promise<ChosenPassword> {
  if (p.newPassword.reveal() === p.oldPassword?.reveal()) {
    return new ApiError('PWD.9002')
  }
  const [violation] =
    p.user === undefined ? [] : await judgePassword(deps.judges, tenant, p.newPassword, p.user)
  if (violation !== undefined) {
    return violationError(violation)
  }
  const wasUsedBefore = p.user !== undefined && (await isInHistory(deps, tenant, p.user, p))
  const { parameters } = deps.hasher
  const salt = deps.hasher.newSalt()
  const digest = await deps.hasher.hash(p.newPassword, salt, parameters, p.lane)
  return wasUsedBefore ? new ApiError('PWD.9003') : { digest, salt, parameters }
}

/**
 * Whether it is one of the newest passwords that the policy remembers. One hash for each salt among them, at most as
 * many as the policy remembers: delivered passwords share the salt of the one before. An imported hash has a salt of its
 * own inside. What is read here stays true until
 * the change: a change of the history changes the credential version, which ends whatever the caller proves itself by.
 */
async function isInHistory(
  { hasher, store }: ChoosingDeps,
  tenant: Tenant,
  user: UserWithCredential,
  { newPassword: password, lane }: { readonly newPassword: Secret; readonly lane: HashQueue },
): Promise<boolean> {
  const length = tenant.settings.passwordPolicy.history
  const earlier =
    length === 0 ? [] : await store.read.users.listPasswordHistory(user.tenantId, user.id, length)
  const imported = earlier.filter(({ digest }) => isImportedHash(digest))
  const own = earlier.filter(({ digest }) => !isImportedHash(digest))
  const bySalt = Map.groupBy(own, ({ salt, parameters }) => `${parameters} ${salt}`)
  let isFound = false
  for (const { digest } of imported) {
    isFound = (await hasher.matchesImported(password, digest, lane)) || isFound
  }
  for (const [first, ...others] of bySalt.values()) {
    if (first !== undefined) {
      const digest = await hasher.hash(password, first.salt, first.parameters, lane)
      isFound = [first, ...others].some((one) => digestsEqual(one.digest, digest)) || isFound
    }
  }
  return isFound
}

/** What the replacing of a password needs to know. */
interface Replacing {
  readonly tenant: Tenant
  readonly requestId: string
  /** As read under the user's lock. */
  readonly user: UserWithCredential
  /** Who sets it; undefined: the user, who chose it. */
  readonly setBy?: { readonly actor: AuditActor; readonly mustChange: boolean }
  /**
   * By what, if not by the old password. A lock-out, which is against guessing passwords, does not hold up whoever shows a
   * code; and a password that was forgotten has no minimum age.
   */
  readonly byCode?: { readonly channel: SendMode; readonly isRecovery: boolean }
  readonly notices: NoticeTools
  readonly now: number
}

export interface PasswordChange extends Replacing {
  readonly isOldPasswordRight: boolean
  readonly chosen: ChosenPassword
}

/**
 * Replaces the user's password with the chosen one; call under the user's lock. True afterwards, if a version is
 * returned: only the new password signs in, the reset it replaces is `completed`, every other open one is superseded,
 * old secrets are forgotten, sessions and open sign-ins have ended (reset protocol, rules 8, 9 and 14), and the user is
 * going to be told.
 * An error instead: nothing changed but the count of wrong passwords; throw it after the transaction.
 */
export async function changePassword(
  repositories: Repositories,
  p: PasswordChange,
): Promise<{ readonly credentialVersion: number } | ApiError> {
  const standing = await readStanding(repositories, p.tenant, subjectOfUser(p.user.id), p.now)
  const refusal = await refuseOldPassword(repositories, p, standing)
  if (refusal !== undefined) {
    return refusal
  }
  const tooEarly =
    p.byCode?.isRecovery === true
      ? undefined
      : refuseForMinimumAge(p.tenant.settings.passwordPolicy, p.user, p.now)
  if (tooEarly !== undefined) {
    return tooEarly
  }
  if (p.chosen instanceof ApiError) {
    return p.chosen
  }
  await clearFailures(repositories, p.tenant, standing)
  return { credentialVersion: await replacePassword(repositories, p, p.chosen) }
}

/** Wrong ones count like at sign-in. Locked: only a delivered password goes on, as it does at sign-in (rule 13). */
async function refuseOldPassword(
  repositories: Repositories,
  p: PasswordChange,
  standing: FailureStanding,
): Promise<ApiError | undefined> {
  const { tenant, user, now } = p
  const isLocked = standing.lockedUntil !== undefined
  const isHeldUp = isLocked && user.credential.resetId === undefined && p.byCode === undefined
  if (p.isOldPasswordRight && !isHeldUp) {
    return undefined
  }
  if (isLocked) {
    await record(repositories, p, 'password.change_failed', { reason: 'locked' })
    return wrongPassword('PWD.9001', tenant, standing, now)
  }
  const counted = await countFailure(repositories, tenant, standing, now)
  const reason = counted.lockedUntil === undefined ? 'wrong_password' : 'wrong_password_locked'
  await record(repositories, p, 'password.change_failed', { reason })
  return wrongPassword('PWD.9001', tenant, counted, now)
}

/**
 * True afterwards: as `changePassword` says, whoever sets it; a reset that the password came from is `completed` only by
 * the user's own choice, else superseded as every other. Returns the new version.
 */
export async function replacePassword(
  repositories: Repositories,
  p: Replacing,
  chosen: HashedPassword,
): Promise<number> {
  const { user, requestId, now } = p
  const { tenantId, id: userId } = user
  const { resetId } = user.credential
  if (resetId !== undefined && p.setBy === undefined) {
    await completeReset(repositories, { user, resetId, actor: actorOf(user), requestId })
  }
  const { supersededIds } = await withdrawResets(repositories, { user, reason: 'password_changed' })
  // the salt changes: nothing typed could be compared with them any more
  await repositories.resets.forgetOldSecrets(tenantId, userId, 0)
  await repositories.users.rememberPassword(tenantId, userId, now, p.tenant.settings.passwordPolicy.history)
  const credentialVersion = await repositories.users.replaceCredential(tenantId, userId, {
    ...chosen,
    resetId: undefined,
    mustChangePassword: p.setBy?.mustChange ?? false,
    changedAt: now,
  })
  const ended = await repositories.sessions.endAll(tenantId, userId)
  await record(repositories, p, p.byCode?.isRecovery === true ? 'password.recovered' : 'password.changed', {
    ...(p.byCode === undefined ? {} : { byCode: p.byCode.channel }),
    supersededResets: supersededIds,
    endedSessions: ended.sessions,
    endedStateTokens: ended.stateTokens,
  })
  const settings = p.tenant.settings.notices
  // where the code did not go
  const channels = p.byCode?.channel === 'EMAIL' ? (['SMS', 'EMAIL'] as const) : (['EMAIL', 'SMS'] as const)
  await tellPasswordChanged(repositories, user, channels, { ...p.notices, settings, now })
  return credentialVersion
}

async function record(
  repositories: Repositories,
  { user, requestId, setBy }: Replacing,
  action: string,
  detail: Readonly<Record<string, string | number | readonly string[]>>,
): Promise<void> {
  await repositories.audit.append({
    tenantId: user.tenantId,
    action,
    actor: setBy?.actor ?? actorOf(user),
    targetKind: 'user',
    targetId: user.id,
    requestId,
    detail,
  })
}

function actorOf(user: UserWithCredential): AuditActor {
  return { kind: 'user', id: user.id }
}
