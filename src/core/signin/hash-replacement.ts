import { ApiError } from '../../errors/api-error.ts'
import type { SignInView } from '../../store/store.ts'
import type { HashQueue } from '../password/password-hasher.ts'
import type { Secret } from '../secret.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { type ChosenPassword, hashChosenPassword } from './choose-password.ts'
import { hashTypedPassword, matchPassword } from './match-password.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/**
 * Hashes a password that is chosen without showing the old one. Neither the password of now nor one that was delivered
 * may be chosen, nor any that the policy refuses.
 */
export async function hashReplacement(
  deps: SignInDeps,
  p: {
    readonly tenant: Tenant
    readonly newPassword: Secret
    readonly view: SignInView
    readonly lane: HashQueue
  },
): Promise<ChosenPassword> {
  const { tenant, newPassword, view, lane } = p
  const choosing = { oldPassword: undefined, newPassword, user: view.user, lane }
  const chosen = await hashChosenPassword(deps, tenant, choosing)
  if (chosen instanceof ApiError) {
    return chosen
  }
  const typed = await hashTypedPassword(deps.hasher, newPassword, view.user, lane)
  return matchPassword(typed, view).kind === 'none' ? chosen : new ApiError('PWD.9002')
}
