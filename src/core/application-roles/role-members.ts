import type { Account, Repositories, RoleKey, Store } from '../../store/store.ts'
import type { Application } from '../applications/application.ts'
import { requireApplication } from '../applications/require-application.ts'
import type { Caller } from '../permissions/caller.ts'
import { requirePage } from '../require-page.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import { demandRole, findRole, requireRoleModel } from './find-role.ts'
import type { BatchOutcome, RoleId } from './role-calls.ts'
import { roleChanged } from './role-changed.ts'

interface Deps {
  readonly store: Store
}

/**
 * One page of the accounts that have a role, in order of id.
 * @throws ApiError OAP.PAGE.0002, OAP.PAGE.0003; APP.0001 no such application; APP.ROLE.9001 no such role
 */
export async function listRoleMembers(
  deps: Deps,
  caller: Caller,
  { applicationId, roleId, ...page }: RoleId & { readonly pageIndex: number; readonly pageSize: number },
): Promise<{ readonly total: number; readonly accounts: readonly Account[] }> {
  requirePage(page)
  await findRole(deps, caller, { applicationId, roleId })
  const key = { tenantId: caller.tenant.id, applicationId, roleId }
  return await deps.store.read.applicationRoles.listMembers(key, page)
}

/**
 * Gives a role to accounts. Each id ends in one of the two lists, in the order in which it came first: an account that
 * is not there, or that has another role where only one is allowed, has failed; one that has the role is a success.
 * What was done is on record, also where it is not all that was asked for.
 * @throws ApiError APP.0001 no such application; APP.OBJECTMODEL.0006 it has no roles; APP.ROLE.9001 no such role
 */
export async function addRoleMembers(
  { store }: Deps,
  caller: Caller,
  id: RoleId,
  accountIds: readonly string[],
): Promise<BatchOutcome> {
  const key = { tenantId: caller.tenant.id, ...id }
  return await store.transaction(async (repositories) => {
    const application = await requireApplication(repositories, key.tenantId, key.applicationId)
    requireRoleModel(application)
    const there = await lockAccounts(repositories, key, accountIds)
    await demandRole(key, async (each) =>
      (await repositories.applicationRoles.keep(each)) ? repositories.applicationRoles.find(each) : undefined,
    )
    const outcomes = new Map<string, Outcome>()
    for (const accountId of there) {
      outcomes.set(accountId, await addMember(repositories, { key, accountId, application }))
    }
    return await conclude(repositories, { caller, key, accountIds, outcomes, word: 'added' })
  })
}

/**
 * Takes a role from accounts. An account that is not there has failed; one that does not have the role is a success.
 * What was done is on record, also where it is not all that was asked for.
 * @throws ApiError APP.0001 no such application; APP.OBJECTMODEL.0006 it has no roles; APP.ROLE.9001 no such role
 */
export async function removeRoleMembers(
  { store }: Deps,
  caller: Caller,
  id: RoleId,
  accountIds: readonly string[],
): Promise<BatchOutcome> {
  const key = { tenantId: caller.tenant.id, ...id }
  return await store.transaction(async (repositories) => {
    requireRoleModel(await requireApplication(repositories, key.tenantId, key.applicationId))
    const there = await lockAccounts(repositories, key, accountIds)
    await demandRole(key, (each) => repositories.applicationRoles.find(each))
    const outcomes = new Map<string, Outcome>()
    for (const accountId of there) {
      const hasChanged = await repositories.applicationRoles.removeMember(key, accountId)
      outcomes.set(accountId, hasChanged ? 'changed' : 'as_it_was')
    }
    return await conclude(repositories, { caller, key, accountIds, outcomes, word: 'removed' })
  })
}

type Outcome = 'changed' | 'as_it_was' | 'failed'

/** Which of the accounts are there; all calls take their locks in one order. */
async function lockAccounts(
  { accounts }: Repositories,
  { tenantId, applicationId }: RoleKey,
  accountIds: readonly string[],
): Promise<readonly string[]> {
  const there: string[] = []
  for (const accountId of [...new Set(accountIds)].toSorted()) {
    const isThere =
      isStorableText(accountId) && (await accounts.lock({ tenantId, applicationId, accountId })) !== undefined
    if (isThere) {
      there.push(accountId)
    }
  }
  return there
}

async function addMember(
  { applicationRoles }: Repositories,
  p: { readonly key: RoleKey; readonly accountId: string; readonly application: Application },
): Promise<Outcome> {
  if (!p.application.objectModels.severalRoles) {
    const roles = await applicationRoles.listOfAccount({ ...p.key, accountId: p.accountId })
    if (roles.some((role) => role.id !== p.key.roleId)) {
      return 'failed'
    }
  }
  return (await applicationRoles.addMember(p.key, p.accountId)) ? 'changed' : 'as_it_was'
}

async function conclude(
  { audit }: Repositories,
  p: {
    readonly caller: Caller
    readonly key: RoleKey
    readonly accountIds: readonly string[]
    readonly outcomes: ReadonlyMap<string, Outcome>
    readonly word: 'added' | 'removed'
  },
): Promise<BatchOutcome> {
  const asked = [...new Set(p.accountIds)]
  const isFailure = (id: string) => (p.outcomes.get(id) ?? 'failed') === 'failed'
  const failed = asked.filter(isFailure)
  const changed = asked.filter((id) => p.outcomes.get(id) === 'changed')
  if (changed.length > 0) {
    const detail = { accountIds: changed, failed: failed.length }
    await audit.append(roleChanged(p.caller, p.key, `application_role.members_${p.word}`, detail))
  }
  return { succeeded: asked.filter((id) => !isFailure(id)), failed }
}
