import { ApiError } from '../../errors/api-error.ts'
import type { Repositories, SignInView } from '../../store/store.ts'
import { keysOfContact, readContact, type TypedContact } from '../codes/contact.ts'
import { tryCode } from '../codes/take-code.ts'
import { expireReset } from '../reset/expire-reset.ts'
import { clearFailures } from './count-failures.ts'
import { goOn } from './go-on.ts'
import { SIGN_IN_SESSION_SECONDS } from './open-session.ts'
import { readUnderLock, subjectOfNobody } from './read-under-lock.ts'
import { denyDisabled, refuseLocked, refuseWrong } from './refuse-sign-in.ts'
import type { ProveByCodeCall, SignInAnswer } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import { byCode, presentSettled, type SettledSignIn } from './signing-in.ts'

/**
 * Signs an employee in by a code that was sent to them. Decided in one transaction under the user's lock; a contact that
 * nobody has costs and counts alike, and no hash is computed for anybody. Wrong codes count like wrong passwords. A
 * password that must be changed must be changed after a code too (contract, section 8).
 * @throws ApiError SDK.COMMON.1002, SDK.COMMON.1009 the tenant does not allow it, SDK.SMS.1005 wrong,
 *   SDK.LOGIN.1003 locked, SDK.LOGIN.9002
 */
export async function signInByCode(deps: SignInDeps, call: ProveByCodeCall): Promise<SignInAnswer> {
  deps.addresses.count(call.tenant, call.address)
  const { codes, signIn } = call.tenant.settings
  // a code alone is one factor
  if (signIn.secondFactor !== 'none' || !codes.purposes.includes('sign-in')) {
    throw new ApiError('SDK.COMMON.1009', { detail: 'code_sign_in_disabled' })
  }
  const contact = readContact(call.channel, call.contact)
  const found = await deps.store.read.users.findForSignIn(call.tenant.id, keysOfContact(contact))
  const settled = await deps.store.transaction((repositories) =>
    settle(deps, call, repositories, { contact, userId: found?.user.id }),
  )
  return await presentSettled(deps, call, settled)
}

async function settle(
  deps: SignInDeps,
  call: ProveByCodeCall,
  repositories: Repositories,
  { contact, userId }: { readonly contact: TypedContact; readonly userId: string | undefined },
): Promise<SettledSignIn> {
  const { tenant, channel, code: typed } = call
  const nobody = subjectOfNobody(deps.mac, tenant, keysOfContact(contact))
  const { view, standing, now } = await readUnderLock(repositories, tenant, userId, nobody)
  const signingIn = { deps, call, proof: byCode('sign_in'), repositories, view, standing, now }
  const code = await tryCode(repositories, deps.mac, {
    ...{ tenantId: tenant.id, user: view?.user, channel, typed, now },
    purposes: ['sign-in'],
  })
  if (view === undefined || code === undefined) {
    return await refuseWrong(signingIn)
  }
  if (standing.lockedUntil !== undefined) {
    return await refuseLocked(signingIn)
  }
  await repositories.codes.consume(code, now)
  if (view.user.disabled) {
    return await denyDisabled(signingIn)
  }
  await clearFailures(repositories, tenant, standing)
  const present = await withoutExpiredPassword(repositories, view, call.requestId)
  return await goOn({ ...signingIn, view: present }, SIGN_IN_SESSION_SECONDS)
}

/** A delivered password whose time is over must not become good again as the old one of a change (rule 13). */
async function withoutExpiredPassword(
  repositories: Repositories,
  view: SignInView,
  requestId: string,
): Promise<SignInView> {
  const { user, secrets, now } = view
  const current = secrets.find(({ resetId }) => resetId === user.credential.resetId)
  if (current === undefined || current.deadlineAt > now) {
    return view
  }
  const reset = { id: current.resetId, state: current.state, deadlineAt: current.deadlineAt }
  const hasExpired = await expireReset(repositories, { user, reset, requestId, now })
  return hasExpired ? ((await repositories.users.findForSignInById(user.tenantId, user.id)) ?? view) : view
}
