import { ApiError } from '../../errors/api-error.ts'
import type { Repositories, SignInView } from '../../store/store.ts'
import type { Secret } from '../secret.ts'
import type { UserWithCredential } from '../users/user.ts'
import { type ChosenPassword, changePassword, hashChosenPassword } from './choose-password.ts'
import { type HashedPassword, hashTypedPassword, isComparable, isCurrentPassword } from './match-password.ts'
import { signInBusy } from './refuse-sign-in.ts'
import type { EndUserCall } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/** A change of password by somebody who is signed in, however they are. */
export interface ChangeByOldPassword<T> {
  readonly call: EndUserCall & { readonly oldPassword: Secret | undefined; readonly newPassword: Secret }
  readonly userId: string
  /** Whose session it is; again under their lock. @throws ApiError nobody's any more */
  readonly identify: (
    repositories: Pick<Repositories, 'sessions' | 'users' | 'applications'>,
  ) => Promise<SignInView>
  /** Before anything is hashed. */
  readonly refuse?: (view: SignInView) => ApiError | undefined
  /** In the transaction of the change. */
  readonly finish: (
    repositories: Repositories,
    changed: { readonly view: SignInView; readonly credentialVersion: number },
  ) => Promise<T>
}

/** @throws ApiError of `identify` and `refuse`; PWD.*, SDK.LOGIN.1003, REQUEST.9011 */
export async function changeByOldPassword<T>(deps: SignInDeps, change: ChangeByOldPassword<T>): Promise<T> {
  const { call } = change
  const view = await change.identify(deps.store.read)
  const refusal = change.refuse?.(view)
  if (refusal !== undefined) throw refusal
  const { user } = view
  const hash = async (of: UserWithCredential) =>
    call.oldPassword && (await hashTypedPassword(deps.hasher, call.oldPassword, of, LANE))
  const hashed = await hash(user)
  const chosen = await hashChosenPassword(deps, call.tenant, { ...call, user, lane: LANE })
  let settled = await settle(deps, change, hashed, chosen)
  if (settled.kind === 'salt_changed') {
    settled = await settle(deps, change, await hash(settled.user), chosen)
  }
  if (settled.kind === 'changed') return settled.value
  throw settled.kind === 'refused' ? settled.error : signInBusy()
}

// the session has proved who it is
const LANE = 'management'

type Settled<T> =
  | { readonly kind: 'changed'; readonly value: T }
  | { readonly kind: 'refused'; readonly error: ApiError }
  /** The same password got another salt meanwhile (`upgrade-hash.ts`): nothing was decided. */
  | { readonly kind: 'salt_changed'; readonly user: UserWithCredential }

async function settle<T>(
  deps: SignInDeps,
  change: ChangeByOldPassword<T>,
  hashed: HashedPassword | undefined,
  chosen: ChosenPassword,
): Promise<Settled<T>> {
  const { tenant, requestId } = change.call
  return await deps.store.transaction(async (repositories) => {
    await repositories.users.lock(tenant.id, change.userId)
    const view = await change.identify(repositories)
    const { user, now } = view
    if (hashed !== undefined && !isComparable(hashed, user)) {
      return { kind: 'salt_changed', user }
    }
    const isOldPasswordRight = isRight(hashed, user)
    const changed = await changePassword(repositories, {
      tenant,
      requestId,
      user,
      isOldPasswordRight,
      chosen,
      notices: deps,
      now,
    })
    if (changed instanceof ApiError) {
      return { kind: 'refused', error: changed }
    }
    return { kind: 'changed', value: await change.finish(repositories, { view, ...changed }) }
  })
}

function isRight(hashed: HashedPassword | undefined, user: UserWithCredential): boolean {
  return hashed === undefined ? user.credential.digest === undefined : isCurrentPassword(hashed, user)
}
