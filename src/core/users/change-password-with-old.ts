import { ApiError } from '../../errors/api-error.ts'
import type { Repositories, SignInSecret, SignInView } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { promoteReset } from '../reset/promote-reset.ts'
import { type ChosenPassword, changePassword, hashChosenPassword } from '../signin/choose-password.ts'
import { readStanding, subjectOfUser, wrongPassword } from '../signin/count-failures.ts'
import {
  type HashedPassword,
  hashTypedPassword,
  isComparable,
  matchPassword,
} from '../signin/match-password.ts'
import { recordFirstUse } from '../signin/record-first-use.ts'
import { signInBusy } from '../signin/refuse-sign-in.ts'
import { lockChangeableUser } from './lock-changeable-user.ts'
import { requireEnabled } from './require-enabled.ts'
import { findChangeableUser, type PasswordDeps } from './set-password.ts'
import type { UserWithCredential } from './user.ts'
import type { ChangeWithOldPassword } from './user-calls.ts'

interface Changing {
  readonly deps: PasswordDeps
  readonly caller: Caller
  readonly chosen: ChosenPassword
}

/**
 * Changes a user's password for somebody who knows the old one, or a delivered one that is good. Wrong ones count and
 * lock as at sign-in. The policy, its history and its minimum age hold; what is true afterwards says `changePassword`.
 * @throws ApiError USER.0001, USER.9001 disabled, USER.9006, PWD.9001 wrong old password, USER.9009 locked, PWD.9004 too
 *   early, PWD.9002, PWD.9003 and PWD.0001 to 0006 about the new one, REQUEST.9011
 */
export async function changePasswordWithOld(
  deps: PasswordDeps,
  caller: Caller,
  userId: string,
  { oldPassword, newPassword }: ChangeWithOldPassword,
): Promise<{ readonly userId: string }> {
  const user = await findChangeableUser(deps, caller, userId)
  const chosen = await hashChosenPassword(deps, caller.tenant, { oldPassword, newPassword, user, lane: LANE })
  const changing = { deps, caller, chosen }
  let settled = await settle(changing, user, await hashTypedPassword(deps.hasher, oldPassword, user, LANE))
  if (settled?.kind === 'moved') {
    // the same password got another salt meanwhile (`upgrade-hash.ts`), or another one took its place
    const again = settled.user
    settled = await settle(changing, again, await hashTypedPassword(deps.hasher, oldPassword, again, LANE))
  }
  if (settled !== undefined) {
    throw settled.kind === 'refused' ? inFamily(settled.error) : signInBusy()
  }
  return { userId }
}

const LANE = 'management'

/** Undefined: the password is changed. */
type Settled =
  | { readonly kind: 'refused'; readonly error: ApiError }
  | { readonly kind: 'moved'; readonly user: UserWithCredential }
  | undefined

async function settle(
  changing: Changing,
  { id: userId, credential }: UserWithCredential,
  hashed: HashedPassword,
): Promise<Settled> {
  const { deps, caller, chosen } = changing
  return await deps.store.transaction(async (repositories) => {
    const locked = requireEnabled(await lockChangeableUser(repositories, caller, userId))
    const view = await repositories.users.findForSignInById(caller.tenant.id, userId)
    const isMoved = locked.credential.version !== credential.version || !isComparable(hashed, locked)
    if (view === undefined || isMoved) {
      return { kind: 'moved', user: locked }
    }
    const proof = await proveOldPassword(repositories, changing, view, hashed)
    if (proof instanceof ApiError) {
      return { kind: 'refused', error: proof }
    }
    const { tenant, requestId } = caller
    const changed = await changePassword(repositories, {
      ...{ tenant, requestId, chosen, notices: deps, now: view.now },
      ...proof,
    })
    return changed instanceof ApiError ? { kind: 'refused', error: changed } : undefined
  })
}

/** A delivered password counts as at sign-in (reset protocol, rule 13): the first use makes it the user's. */
async function proveOldPassword(
  repositories: Repositories,
  changing: Changing,
  view: SignInView,
  hashed: HashedPassword,
): Promise<{ readonly user: UserWithCredential; readonly isOldPasswordRight: boolean } | ApiError> {
  const match = matchPassword(hashed, view)
  const isOver = 'secret' in match && match.secret.deadlineAt <= view.now
  if (match.kind === 'recognised' || isOver) {
    return await refuseUncounted(repositories, changing, view)
  }
  if (match.kind === 'redeemable') {
    return await promote(repositories, changing, view, match.secret)
  }
  if (match.kind === 'delivered' && !(changing.chosen instanceof ApiError)) {
    const { requestId } = changing.caller
    await recordFirstUse(repositories, { user: view.user, secret: match.secret, requestId, now: view.now })
  }
  return { user: view.user, isOldPasswordRight: match.kind !== 'none' }
}

async function promote(
  repositories: Repositories,
  { deps, caller, chosen }: Changing,
  { user, now }: SignInView,
  secret: SignInSecret,
): Promise<{ readonly user: UserWithCredential; readonly isOldPasswordRight: boolean } | ApiError> {
  if (chosen instanceof ApiError) {
    return chosen // nothing is used up by a new password that cannot be had
  }
  const { settings } = caller.tenant
  const reset = await repositories.resets.find(user.tenantId, secret.resetId)
  const promoted =
    reset &&
    (await promoteReset(repositories, {
      user,
      reset,
      to: 'used',
      historyLength: settings.passwordPolicy.history,
      notices: { ...deps, settings: settings.notices },
      actor: { kind: 'user', id: user.id },
      requestId: caller.requestId,
      now,
    }))
  const after = await repositories.users.findWithCredential(user.tenantId, user.id)
  return promoted === undefined || after === undefined
    ? signInBusy()
    : { user: after, isOldPasswordRight: true }
}

/** What something newer, or time, has ended looks like a wrong password and counts nothing. */
async function refuseUncounted(
  repositories: Repositories,
  { caller: { tenant } }: Changing,
  { user, now }: SignInView,
): Promise<ApiError> {
  const standing = await readStanding(repositories, tenant, subjectOfUser(user.id), now)
  return wrongPassword('PWD.9001', tenant, standing, now)
}

/** The lock has a code of the end users' family; management calls have their own. */
function inFamily(error: ApiError): ApiError {
  if (error.code !== 'SDK.LOGIN.1003') {
    return error
  }
  const [minutes = 0, seconds = 0] = error.params.map(Number)
  return new ApiError('USER.9009', {
    params: error.params,
    detail: 'locked',
    retryAfterSeconds: minutes * 60 + seconds,
  })
}
