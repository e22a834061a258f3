import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import { newId } from '../new-id.ts'
import { judgePassword } from '../password/judge-password.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import type { PasswordJudges } from '../password/password-judges.ts'
import { violationError } from '../password/violation-texts.ts'
import type { Caller } from '../permissions/caller.ts'
import { changedBy } from '../permissions/changed-by.ts'
import type { RandomBytes } from '../randomness.ts'
import type { Secret } from '../secret.ts'
import { blankUser } from './blank-user.ts'
import { keepUserUnique, requireDefined } from './check-defined.ts'
import { checkUserChanges } from './check-user-changes.ts'
import { placeUser } from './place-user.ts'
import { refuseTaken } from './refuse-taken.ts'
import type { Credential, User } from './user.ts'
import type { NewUser } from './user-calls.ts'
import { withChanges } from './with-changes.ts'

interface CreateUserDeps {
  readonly store: Pick<Store, 'transaction'>
  readonly hasher: PasswordHasher
  readonly judges: PasswordJudges
  readonly random: RandomBytes
}

/**
 * Makes a user. Of any number of calls with one name, mobile number or address at the same time, one does. Without a
 * password nobody signs in as them until one is set or delivered; with one, it obeys the policy, and must be changed at
 * the first sign-in unless the caller says otherwise.
 * @throws ApiError USER.9007, USER.0011, USER.0012, USER.0038, USER.9005 an attribute; PWD.0001 to 0006 the password;
 *   ORG.0001 no such organisation; USER.9002, USER.9003, USER.9004, USER.9008 taken; REQUEST.9011
 */
export async function createUser(
  deps: CreateUserDeps,
  caller: Caller,
  given: NewUser,
): Promise<{ readonly userId: string }> {
  const { tenant } = caller
  const changes = checkUserChanges(given)
  const { userName } = changes
  if (!userName) {
    throw new ApiError('USER.9007', { params: ['user_name'], detail: 'user_name' })
  }
  const fresh = withChanges({ ...nobody, tenantId: tenant.id, userName, name: userName }, changes)
  requireDefined(tenant, fresh, undefined)
  const credential = await makeCredential(deps, caller, fresh, given.password)
  const hasPassword = credential.digest !== undefined
  return await refuseTaken(
    deps.store.transaction(async (repositories) => {
      const { users, organizations, audit } = repositories
      const place = await placeUser(organizations, tenant.id, fresh, {
        ...changes,
        organizationCode: changes.organizationCode ?? null,
      })
      const at = await users.claimChangeTime(tenant.id)
      const id = newId(at, deps.random)
      await users.insert({
        ...fresh,
        ...place,
        id,
        mustChangePassword: changes.mustChangePassword ?? hasPassword,
        passwordChangedAt: hasPassword ? at : undefined,
        createdAt: at,
        updatedAt: at,
        credential,
      })
      await keepUserUnique(repositories, tenant, { ...fresh, id })
      await audit.append({
        ...changedBy(caller, 'user', id),
        action: 'user.created',
        detail: { hasPassword },
      })
      return { userId: id }
    }),
  )
}

const nobody = { ...blankUser, id: '', createdAt: 0, updatedAt: 0 }

/** Judged and hashed before the transaction: both take a while. */
async function makeCredential(
  { hasher, judges }: CreateUserDeps,
  { tenant }: Caller,
  user: User,
  password: Secret | undefined,
): Promise<Credential> {
  const [salt, parameters] = [hasher.newSalt(), hasher.parameters]
  const none = { salt, parameters, digest: undefined, resetId: undefined, version: 1 }
  if (password === undefined) {
    return none
  }
  const [violation] = await judgePassword(judges, tenant, password, user)
  if (violation !== undefined) {
    throw violationError(violation)
  }
  return { ...none, digest: await hasher.hash(password, salt, parameters) }
}
