import { ApiError } from '../../errors/api-error.ts'
import type { Repositories, SignInView, StateToken, StateTokenPurpose } from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import type { Secret } from '../secret.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { digestToken } from '../tokens/digest-token.ts'

const NOBODY = ''

/** What a new password may be chosen with. */
export const changePurposes = ['must_change', 'may_change'] as const satisfies readonly StateTokenPurpose[]

/** Whom the state token is good for, and for which of these purposes; undefined: nobody. Two statements in every case. */
export async function readStateToken(
  repositories: Pick<Repositories, 'sessions' | 'users'>,
  p: { readonly tenant: Tenant; readonly application: Application; readonly stateToken: Secret },
  purposes: readonly StateTokenPurpose[],
): Promise<(SignInView & { readonly token: StateToken }) | undefined> {
  const { tenant, application, stateToken } = p
  const token = await repositories.sessions.findStateToken(tenant.id, digestToken(stateToken.reveal()))
  const view = await repositories.users.findForSignInById(tenant.id, token?.userId ?? NOBODY)
  const isGood =
    token !== undefined &&
    view !== undefined &&
    purposes.includes(token.purpose) &&
    token.applicationId === application.id &&
    isLive(token, view)
  return isGood ? { ...view, token } : undefined
}

function isLive(token: StateToken, { user, now }: SignInView): boolean {
  return token.expiresAt > now && token.credentialVersion === user.credential.version && !user.disabled
}

/** Unknown, used, expired, and good for something else: all alike. */
export function badStateToken(): ApiError {
  return new ApiError('SDK.COMMON.1005', { params: ['X-state-token'] })
}
