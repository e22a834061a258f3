import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import type { NoticeTools } from '../notices/write-notice.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import type { PasswordJudges } from '../password/password-judges.ts'
import type { Caller } from '../permissions/caller.ts'
import { changedBy } from '../permissions/changed-by.ts'
import { requireMayChange } from '../permissions/require-may-change.ts'
import { hashChosenPassword, replacePassword } from '../signin/choose-password.ts'
import { type HashedPassword, hashTypedPassword, isCurrentPassword } from '../signin/match-password.ts'
import { signInBusy } from '../signin/refuse-sign-in.ts'
import { isStorableText } from './is-storable-text.ts'
import { lockChangeableUser } from './lock-changeable-user.ts'
import { requireEnabled } from './require-enabled.ts'
import type { UserWithCredential } from './user.ts'
import type { SetPassword } from './user-calls.ts'

export interface PasswordDeps extends NoticeTools {
  readonly store: Pick<Store, 'read' | 'transaction'>
  readonly hasher: PasswordHasher
  readonly judges: PasswordJudges
}

/** What was compared with may have moved meanwhile; then once more. */
const ATTEMPTS_MAX = 2

/**
 * Sets a user's password without the old one. True afterwards: only it signs in, every open reset is superseded, sessions
 * and open sign-ins have ended, and the user is going to be told. It obeys the policy and its history, the present
 * password included; no minimum age holds, and a lock stays.
 * @throws ApiError USER.0001, USER.9001 disabled, USER.9006, PWD.0001 to 0006, PWD.9003 used before, REQUEST.9011
 */
export async function setPassword(
  deps: PasswordDeps,
  caller: Caller,
  userId: string,
  change: SetPassword,
): Promise<{ readonly userId: string }> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const user = await findChangeableUser(deps, caller, userId)
    const hashed = await judgeAndHash(deps, caller, user, change)
    if (await settle(deps, caller, user, change, hashed)) {
      return { userId }
    }
  }
  throw signInBusy()
}

/** The same refusals as under the lock, before anything is hashed. */
export async function findChangeableUser(
  { store }: Pick<PasswordDeps, 'store'>,
  caller: Caller,
  userId: string,
): Promise<UserWithCredential> {
  const found = isStorableText(userId)
    ? await store.read.users.findWithCredential(caller.tenant.id, userId)
    : undefined
  if (found !== undefined) {
    await requireMayChange(store.read, found, caller.application.id)
  }
  return requireEnabled(found)
}

async function judgeAndHash(
  deps: PasswordDeps,
  { tenant }: Caller,
  user: UserWithCredential,
  { password }: SetPassword,
): Promise<HashedPassword> {
  const chosen = await hashChosenPassword(deps, tenant, {
    oldPassword: undefined,
    newPassword: password,
    user,
    lane: LANE,
  })
  if (chosen instanceof ApiError) {
    throw chosen
  }
  // a policy that remembers none lets a call be repeated
  const remembers = tenant.settings.passwordPolicy.history > 0
  if (remembers && isCurrentPassword(await hashTypedPassword(deps.hasher, password, user, LANE), user)) {
    throw new ApiError('PWD.9003')
  }
  return chosen
}

// the access token has proved who calls
const LANE = 'management'

/** False: the credential is not the one that was compared with. */
async function settle(
  deps: PasswordDeps,
  caller: Caller,
  { id: userId, credential }: UserWithCredential,
  { mustChange }: SetPassword,
  hashed: HashedPassword,
): Promise<boolean> {
  const { tenant, requestId } = caller
  return await deps.store.transaction(async (repositories) => {
    const user = requireEnabled(await lockChangeableUser(repositories, caller, userId))
    if (user.credential.version !== credential.version || user.credential.salt !== credential.salt) {
      return false
    }
    const setBy = { actor: changedBy(caller, 'user', userId).actor, mustChange }
    const now = await repositories.now()
    await replacePassword(repositories, { tenant, requestId, user, setBy, notices: deps, now }, hashed)
    return true
  })
}
