import { ApiError } from '../../errors/api-error.ts'
import { EXTENSION_PREFIX } from '../attributes/attribute-definition.ts'
import { checkUserChanges } from '../users/check-user-changes.ts'
import { planChange, writeChange } from '../users/modify-user.ts'
import { shownValues } from '../users/own-profile.ts'
import type { UserWithCredential } from '../users/user.ts'
import type { UserChanges } from '../users/user-calls.ts'
import { findSession, invalidToken, readSessionClaims } from './find-session.ts'
import type { UpdateOwnProfileCall } from './sign-in-calls.ts'
import type { SignInDeps } from './sign-in-deps.ts'

/**
 * Changes what the tenant lets people change of their own record (`/sdk/profile/update`), and leaves the rest; either all
 * of it or nothing.
 * @throws ApiError invalid_token, SDK.LOGIN.9002, SDK.PROFILE.9001 not theirs to change, USER.9005, USER.9007, USER.9008 as
 *   when an application changes a user
 */
export async function updateOwnProfile(
  deps: Pick<SignInDeps, 'store' | 'signer' | 'addresses' | 'random' | 'sealAddress'>,
  call: UpdateOwnProfileCall,
): Promise<void> {
  const { tenant, requestId } = call
  deps.addresses.count(tenant, call.address)
  const claims = await readSessionClaims(deps.signer, tenant, call.idToken)
  await deps.store.transaction(async (repositories) => {
    const user = await repositories.users.lock(tenant.id, claims.userId)
    // under the lock: a session that has ended meanwhile changes nothing
    await findSession(repositories, tenant, claims)
    if (user === undefined) throw invalidToken()
    refuseOthers(user, call)
    const changes = checkUserChanges(call.changes)
    const wanted = await planChange(repositories.organizations, tenant, user, changes)
    const by = { tenant, applicationId: undefined, userId: user.id, requestId }
    await writeChange(repositories, deps, { by, user, wanted })
  })
}

/** A client may send the profile back as it read it: what is as it was is no change. */
function refuseOthers(user: UserWithCredential, { tenant, changes, others }: UpdateOwnProfileCall): void {
  const { editable } = tenant.settings.profile
  // of the rest not even whether a value is right is told
  const shown = shownValues(user)
  for (const [name, value] of [...namedIn(changes), ...Object.entries(others)]) {
    const isAsItWas = Object.hasOwn(shown, name) && (value === '' ? null : value) === (shown[name] ?? null)
    if (!editable.includes(name) && !isAsItWas) {
      throw new ApiError('SDK.PROFILE.9001', { params: [name], detail: name })
    }
  }
}

function namedIn({ name, profile, extension }: UserChanges): readonly (readonly [string, unknown])[] {
  const own = Object.entries(extension ?? {}).map(([key, value]) => [EXTENSION_PREFIX + key, value] as const)
  return [...(name === undefined ? [] : [['name', name] as const]), ...Object.entries(profile ?? {}), ...own]
}
