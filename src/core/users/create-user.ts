import type { AuditRow } from '../../audit/audit-row.ts'
import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import { newId } from '../new-id.ts'
import { judgePassword } from '../password/judge-password.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import type { PasswordJudges } from '../password/password-judges.ts'
import { violationError } from '../password/violation-texts.ts'
import type { Caller } from '../permissions/caller.ts'
import { type Changer, changedBy } from '../permissions/changed-by.ts'
import type { RandomBytes } from '../randomness.ts'
import type { Secret } from '../secret.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { blankUser } from './blank-user.ts'
import { keepUserUnique, requireDefined } from './check-defined.ts'
import { checkUserChanges } from './check-user-changes.ts'
import { type Place, type PlaceFinder, placeUser } from './place-user.ts'
import { refuseTaken } from './refuse-taken.ts'
import type { Credential, User, UserWithCredential } from './user.ts'
import type { NewUser, UserChanges } from './user-calls.ts'
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
  const fresh = requireNewUser(tenant, changes)
  const credential = await makeCredential(deps, tenant, fresh, given.password)
  return await refuseTaken(
    deps.store.transaction(async (repositories) => {
      const { users, organizations, audit } = repositories
      const place = await placeNewUser(organizations, fresh, changes)
      const at = await users.claimChangeTime(tenant.id)
      const id = newId(at, deps.random)
      const user = completeUser({ ...fresh, ...place, id }, { changes, credential, at })
      await users.insert(user)
      await keepUserUnique(repositories, tenant, user)
      await audit.append(creationRow(caller, user))
      return { userId: id }
    }),
  )
}

/**
 * The record of a new user, without id, time and organisations.
 * @param changes as `checkUserChanges` gives them
 * @throws ApiError USER.9007, and what `requireDefined` says
 */
export function requireNewUser(tenant: Tenant, changes: UserChanges): User {
  const { userName } = changes
  if (!userName) {
    throw new ApiError('USER.9007', { params: ['user_name'], detail: 'user_name' })
  }
  const fresh = sketchUser(tenant.id, userName, changes)
  requireDefined(tenant, fresh, undefined)
  return fresh
}

/** What a new user would be, whether or not the tenant asks for more. */
export function sketchUser(tenantId: string, userName: string, changes: UserChanges): User {
  return withChanges({ ...nobody, tenantId, userName, name: userName }, changes)
}

/** @throws ApiError ORG.0001 */
export async function placeNewUser(
  organizations: PlaceFinder,
  fresh: User,
  changes: UserChanges,
): Promise<Place> {
  return await placeUser(organizations, fresh.tenantId, fresh, {
    ...changes,
    organizationCode: changes.organizationCode ?? null,
  })
}

/** The row of a new user at the time of the change. */
export function completeUser(
  user: User,
  p: { readonly changes: UserChanges; readonly credential: Credential; readonly at: number },
): UserWithCredential {
  const hasPassword = p.credential.digest !== undefined
  return {
    ...user,
    mustChangePassword: p.changes.mustChangePassword ?? hasPassword,
    passwordChangedAt: hasPassword ? p.at : undefined,
    createdAt: p.at,
    updatedAt: p.at,
    credential: p.credential,
  }
}

export function creationRow(by: Caller | Changer, { id, credential }: UserWithCredential): AuditRow {
  return {
    ...changedBy(by, 'user', id),
    action: 'user.created',
    detail: { hasPassword: credential.digest !== undefined },
  }
}

const nobody = { ...blankUser, id: '', createdAt: 0, updatedAt: 0 }

/**
 * Judged and hashed before the transaction: both take a while.
 * @throws ApiError PWD.0001 to 0006
 */
export async function makeCredential(
  { hasher, judges }: Pick<CreateUserDeps, 'hasher' | 'judges'>,
  tenant: Tenant,
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
