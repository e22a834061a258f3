import { isStorableText } from '../users/is-storable-text.ts'
import { signInKeys } from '../users/sign-in-keys.ts'
import type { UserWithCredential } from '../users/user.ts'
import { type HashedPassword, hashTypedPassword, isComparable, matchPassword } from './match-password.ts'
import { readUnderLock, subjectOfNobody } from './read-under-lock.ts'
import { signInBusy } from './refuse-sign-in.ts'
import { settleMatch } from './settle-match.ts'
import type { SignInAnswer, SignInCall } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import { byPassword, presentSettled, type SaltChanged, type SettledSignIn } from './signing-in.ts'

/**
 * Signs an employee in by user name, e-mail address or mobile number (reset protocol, rule 13). One hash is computed
 * and compared with the current password and every delivered one; what the match means is decided in one transaction
 * under the user's lock, on what is true there. A name that nobody has costs and counts alike.
 * @throws ApiError SDK.LOGIN.1003 locked, SDK.LOGIN.1005 wrong, SDK.LOGIN.9001 delivered password past its deadline,
 *   SDK.LOGIN.9002 too many from this address, REQUEST.9011 busy
 */
export async function signIn(deps: SignInDeps, call: SignInCall): Promise<SignInAnswer> {
  deps.addresses.count(call.tenant, call.address)
  const user = await findByLoginName(deps, call)
  let hashed = await hashTypedPassword(deps.hasher, call.password, user, 'sign-in')
  let settled = await settle(deps, call, user, hashed)
  if (settled.kind === 'salt_changed') {
    hashed = await hashTypedPassword(deps.hasher, call.password, settled.user, 'sign-in')
    settled = await settle(deps, call, settled.user, hashed)
  }
  if (settled.kind === 'salt_changed') {
    throw signInBusy()
  }
  const answer = await presentSettled(deps, call, settled)
  if (settled.kind === 'session') {
    deps.hashUpgrades.offer(call, settled.session.user, hashed)
  }
  return answer
}

async function findByLoginName(deps: SignInDeps, call: SignInCall): Promise<UserWithCredential | undefined> {
  // a name that no store can hold is looked up all the same, so that it costs the same
  const name = isStorableText(call.loginName) ? call.loginName : ''
  return (await deps.store.read.users.findForSignIn(call.tenant.id, signInKeys(name)))?.user
}

async function settle(
  deps: SignInDeps,
  call: SignInCall,
  user: UserWithCredential | undefined,
  hashed: HashedPassword,
): Promise<SettledSignIn | SaltChanged> {
  return await deps.store.transaction(async (repositories) => {
    const { tenant, loginName } = call
    const nobody = subjectOfNobody(deps.mac, tenant, signInKeys(loginName))
    const { view, standing, now } = await readUnderLock(repositories, tenant, user?.id, nobody)
    if (view !== undefined && !isComparable(hashed, view.user)) {
      return { kind: 'salt_changed', user: view.user }
    }
    const match = view === undefined ? ({ kind: 'none' } as const) : matchPassword(hashed, view)
    return await settleMatch({ deps, call, proof: byPassword, repositories, view, standing, now }, match)
  })
}
