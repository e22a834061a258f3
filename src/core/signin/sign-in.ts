import type { Repositories } from '../../store/store.ts'
import type { SignInAnswer, SignInCall } from '../core.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import { signInKeys } from '../users/sign-in-keys.ts'
import type { UserWithCredential } from '../users/user.ts'
import { readStanding, subjectOfUser } from './count-failures.ts'
import { type HashedPassword, hashTypedPassword, isComparable, matchPassword } from './match-password.ts'
import { presentSession } from './open-session.ts'
import { signInBusy } from './refuse-sign-in.ts'
import { settleMatch } from './settle-match.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import type { SettledSignIn, SigningIn } from './signing-in.ts'

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
  switch (settled.kind) {
    case 'session': {
      const answer = await presentSession(deps.signer, call, settled.session)
      deps.hashUpgrades.offer(call, settled.session.user, hashed)
      return answer
    }
    case 'must_change':
      return { status: 'PASSWORD_EXPIRED', stateToken: settled.stateToken }
    case 'may_change':
      return { status: 'PASSWORD_WARN', stateToken: settled.stateToken }
    case 'denied':
      return { status: 'ACCESS_DENIED' }
    case 'refused':
      if (settled.expired !== undefined) {
        deps.onSettled(settled.expired)
      }
      throw settled.error
    case 'salt_changed':
      throw signInBusy()
  }
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
): Promise<SettledSignIn> {
  return await deps.store.transaction(async (repositories) => {
    const { view, standing, now } = await readUnderLock(deps, call, repositories, user?.id)
    if (view !== undefined && !isComparable(hashed, view.user)) {
      return { kind: 'salt_changed', user: view.user }
    }
    const match = view === undefined ? ({ kind: 'none' } as const) : matchPassword(hashed, view)
    return await settleMatch({ deps, call, repositories, view, standing, now }, match)
  })
}

const NOBODY = ''

/**
 * The same number of statements for somebody and for nobody (`sign-in-costs.test.ts`): somebody's row is locked, or the
 * row that counts for a name that nobody has.
 */
async function readUnderLock(
  deps: SignInDeps,
  call: SignInCall,
  repositories: Repositories,
  userId: string | undefined,
): Promise<Pick<SigningIn, 'view' | 'standing' | 'now'>> {
  const { tenant } = call
  const isThere = userId !== undefined && (await repositories.users.lock(tenant.id, userId)) !== undefined
  const subject = isThere ? subjectOfUser(userId) : subjectOfName(deps, call)
  const locked = isThere ? undefined : await repositories.signInFailures.lock(tenant.id, subject)
  const view = await repositories.users.findForSignInById(tenant.id, isThere ? userId : NOBODY)
  const now = view?.now ?? locked?.now ?? (await repositories.now())
  return { view, now, standing: await readStanding(repositories, tenant, subject, now) }
}

function subjectOfName({ mac }: SignInDeps, { tenant, loginName }: SignInCall): string {
  const { userNameKey, mobile } = signInKeys(loginName)
  return `name:${mac('sign-in-name', `${tenant.id}/${mobile ?? userNameKey}`)}`
}
