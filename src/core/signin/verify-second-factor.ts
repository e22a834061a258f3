import { ApiError } from '../../errors/api-error.ts'
import type { Repositories } from '../../store/store.ts'
import { isContactOf, readContact } from '../codes/contact.ts'
import { tryCode } from '../codes/take-code.ts'
import { clearFailures, readStanding, subjectOfUser } from './count-failures.ts'
import { goOn } from './go-on.ts'
import { UPDATE_SESSION_SECONDS } from './open-session.ts'
import { badStateToken, readStateToken } from './read-state-token.ts'
import { refuseLocked, refuseWrong } from './refuse-sign-in.ts'
import type { SecondFactorCall, SignInAnswer } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'
import { byCode, presentSettled, type SettledSignIn } from './signing-in.ts'

/**
 * Completes a sign-in whose password was right by a code (`/sdk/mfa/sms`): what follows is what would have followed the
 * password. The token is good once; a wrong code leaves it, and counts like a wrong password.
 * @throws ApiError SDK.COMMON.1005 for any token that is not good, SDK.COMMON.1002, SDK.SMS.1005 wrong code or somebody
 *   else's contact, SDK.LOGIN.1003 locked, SDK.LOGIN.9002
 */
export async function verifySecondFactor(deps: SignInDeps, call: SecondFactorCall): Promise<SignInAnswer> {
  deps.addresses.count(call.tenant, call.address)
  const token = await readStateToken(deps.store.read, call, ['second_factor'])
  if (token === undefined) throw badStateToken()
  const settled = await deps.store.transaction((repositories) =>
    settle(deps, call, repositories, token.user.id),
  )
  if (settled instanceof ApiError) throw settled
  return await presentSettled(deps, call, settled)
}

async function settle(
  deps: SignInDeps,
  call: SecondFactorCall,
  repositories: Repositories,
  userId: string,
): Promise<SettledSignIn | ApiError> {
  const { tenant, channel, code: typed } = call
  const contact = readContact(channel, call.contact)
  await repositories.users.lock(tenant.id, userId)
  const view = await readStateToken(repositories, call, ['second_factor'])
  if (view === undefined) {
    return badStateToken()
  }
  const { user, now, token } = view
  const standing = await readStanding(repositories, tenant, subjectOfUser(userId), now)
  const signingIn = { deps, call, proof: byCode('second_factor'), repositories, view, standing, now }
  const guess = { tenantId: tenant.id, user, channel, purposes: ['second-factor'], typed, now } as const
  const code = await tryCode(repositories, deps.mac, guess)
  if (code === undefined || !isContactOf(contact, user)) {
    return await refuseWrong(signingIn)
  }
  if (standing.lockedUntil !== undefined) {
    return await refuseLocked(signingIn)
  }
  await repositories.codes.consume(code, now)
  await repositories.sessions.deleteStateToken(tenant.id, token.tokenDigest)
  await clearFailures(repositories, tenant, standing)
  return await goOn(signingIn, UPDATE_SESSION_SECONDS)
}
