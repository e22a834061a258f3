import { ApiError } from '../../errors/api-error.ts'
import type { Repositories, SignInView } from '../../store/store.ts'
import type { CodePurpose } from '../codes/code-purpose.ts'
import { findTriedCode, tryCode } from '../codes/take-code.ts'
import type { HashQueue } from '../password/password-hasher.ts'
import type { Secret } from '../secret.ts'
import type { SendMode } from '../tenants/tenant.ts'
import { type ChosenPassword, changePassword } from './choose-password.ts'
import { hashReplacement } from './hash-replacement.ts'
import { refuseWrong } from './refuse-sign-in.ts'
import type { EndUserCall } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import { byCode, type Proof, type SigningIn } from './signing-in.ts'

type Identified = Pick<SigningIn, 'view' | 'standing' | 'now'>

/** A change of password by code, whoever says who they are how. */
export interface ChangeByCode<T> {
  readonly call: EndUserCall & {
    readonly channel: SendMode
    readonly code: Secret
    readonly newPassword: Secret
  }
  readonly purposes: readonly CodePurpose[]
  readonly record: Proof['record']
  readonly isRecovery: boolean
  readonly lane: HashQueue
  /** Who it is, under their lock; in every transaction anew. An error is thrown after it. */
  readonly identify: (repositories: Repositories) => Promise<Identified | ApiError>
  /** In the transaction of the change. */
  readonly finish: (
    repositories: Repositories,
    changed: { readonly view: SignInView; readonly credentialVersion: number; readonly now: number },
  ) => Promise<T>
}

/**
 * The code first: only whoever has the right one learns anything about the new password, and makes this server compute a
 * hash. It stays good while passwords that the policy refuses are tried, for its five tries, and is used up in the
 * transaction of the change, which reads everything anew.
 * @throws ApiError of `identify`; SDK.SMS.1005 wrong, SDK.LOGIN.1003 locked, PWD.*, REQUEST.9011
 */
export async function changeByCode<T>(deps: SignInDeps, change: ChangeByCode<T>): Promise<T> {
  const tried = await deps.store.transaction((repositories) => tryIt(deps, change, repositories))
  if (tried instanceof ApiError) throw tried
  const chosen = await hashReplacement(deps, { ...change.call, view: tried, lane: change.lane })
  const settled = await deps.store.transaction((repositories) => settle(deps, change, repositories, chosen))
  if (settled instanceof ApiError) throw settled
  return settled.value
}

async function tryIt<T>(
  deps: SignInDeps,
  change: ChangeByCode<T>,
  repositories: Repositories,
): Promise<SignInView | ApiError> {
  const identified = await change.identify(repositories)
  if (identified instanceof ApiError) {
    return identified
  }
  const { call, purposes, record } = change
  const { view, now } = identified
  const code = await tryCode(repositories, deps.mac, {
    ...{ tenantId: call.tenant.id, user: view?.user, channel: call.channel, purposes, typed: call.code, now },
  })
  if (view !== undefined && code !== undefined) {
    return view.user.disabled ? new ApiError('SDK.SMS.1005') : view
  }
  const refused = await refuseWrong({ deps, call, proof: byCode(record), repositories, ...identified })
  return refused.kind === 'refused' ? refused.error : new ApiError('SDK.SMS.1005')
}

async function settle<T>(
  deps: SignInDeps,
  change: ChangeByCode<T>,
  repositories: Repositories,
  chosen: ChosenPassword,
): Promise<{ readonly value: T } | ApiError> {
  if (chosen instanceof ApiError) {
    return chosen
  }
  const identified = await change.identify(repositories)
  if (identified instanceof ApiError) {
    return identified
  }
  const { call, isRecovery } = change
  const { view, now } = identified
  if (view === undefined || view.user.disabled || !(await useUp(deps, change, repositories, view))) {
    return new ApiError('SDK.SMS.1005')
  }
  const changed = await changePassword(repositories, {
    tenant: call.tenant,
    requestId: call.requestId,
    user: view.user,
    isOldPasswordRight: true,
    byCode: { channel: call.channel, isRecovery },
    chosen,
    notices: deps,
    now,
  })
  if (changed instanceof ApiError) {
    return changed
  }
  const { credentialVersion } = changed
  return { value: await change.finish(repositories, { view, credentialVersion, now }) }
}

/** Of two calls at once the first wins: the other finds no code, or a newer version of the password. */
async function useUp<T>(
  deps: SignInDeps,
  { call, purposes }: ChangeByCode<T>,
  repositories: Repositories,
  { user, now }: SignInView,
): Promise<boolean> {
  const code = await findTriedCode(repositories, deps.mac, {
    ...{ tenantId: call.tenant.id, user, channel: call.channel, purposes, typed: call.code, now },
  })
  return code !== undefined && (await repositories.codes.consume(code, now))
}
