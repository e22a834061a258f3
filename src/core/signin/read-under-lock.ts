import type { Repositories, SignInKeys } from '../../store/store.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { readStanding, subjectOfUser } from './count-failures.ts'
import type { SigningIn } from './signing-in.ts'

const NOBODY = ''

/**
 * The same number of statements for somebody and for nobody (`sign-in-costs.test.ts`): somebody's row is locked, or the
 * row that counts for a name that nobody has.
 */
export async function readUnderLock(
  repositories: Repositories,
  tenant: Tenant,
  userId: string | undefined,
  subjectOfNobodysName: string,
): Promise<Pick<SigningIn, 'view' | 'standing' | 'now'>> {
  const isThere = userId !== undefined && (await repositories.users.lock(tenant.id, userId)) !== undefined
  const subject = isThere ? subjectOfUser(userId) : subjectOfNobodysName
  const locked = isThere ? undefined : await repositories.signInFailures.lock(tenant.id, subject)
  const view = await repositories.users.findForSignInById(tenant.id, isThere ? userId : NOBODY)
  const now = view?.now ?? locked?.now ?? (await repositories.now())
  return { view, now, standing: await readStanding(repositories, tenant, subject, now) }
}

/** Under what failures are counted while nobody has the name, address or number. */
export function subjectOfNobody(
  mac: (purpose: string, value: string) => string,
  tenant: Tenant,
  { userNameKey, emailKey, mobile }: SignInKeys,
): string {
  const name = mobile ?? (userNameKey === '' ? emailKey : userNameKey)
  return `name:${mac('sign-in-name', `${tenant.id}/${name}`)}`
}
