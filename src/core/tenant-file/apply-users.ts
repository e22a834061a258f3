import { DuplicateError } from '../../errors/store-error.ts'
import type { Repositories } from '../../store/store.ts'
import { withdrawForChangedContact } from '../reset/withdraw-resets.ts'
import { removeUser } from '../users/remove-user.ts'
import type { Credential, User, UserWithCredential } from '../users/user.ts'
import { auditRow } from './apply-configuration.ts'
import type { ApplyTools } from './apply-tools.ts'
import { ConcurrentChangeError } from './concurrent-change-error.ts'
import { type PlanContext, planTenantUsers, toChange } from './plan-tenant-changes.ts'
import { planUser } from './plan-users.ts'
import type { TenantDocument } from './tenant-file-schema.ts'
import { type Change, type ConfigurationPlan, readUsers, type UserChange } from './tenant-plan.ts'

const USERS_A_TRANSACTION = 200 // locks are held for a fraction of a second, so that resets meanwhile hardly wait
const HASHES_AT_ONCE = 4 // the hasher bounds the cores; more only fills its queue

interface UsersCall {
  readonly context: PlanContext
  readonly entry: TenantDocument
  readonly configuration: ConfigurationPlan
  readonly requestId: string
  /** Gets what each committed batch did. */
  readonly done: Change[]
}

/**
 * Removes, updates and creates users in batches, each one transaction under the tenant's lock. What a batch finds
 * done already, by another run at the same time, it leaves.
 */
export async function applyUsers(
  tools: Pick<ApplyTools, 'store' | 'hasher'>,
  call: UsersCall,
): Promise<void> {
  const { store, hasher } = tools
  const stored = await readUsers(store.read, call.configuration.tenant.id)
  const changes = planTenantUsers(call.entry, call.configuration, stored, call.context)
  for (const batch of batches(changes)) {
    const credentials = await makeCredentials(hasher, batch)
    const done = await store.transaction(async (repositories) => {
      await repositories.tenants.lock(call.configuration.tenant.id)
      const now = await repositories.now()
      const kept: Change[] = []
      for (const change of await freeContacts(repositories, batch, { ...call, now })) {
        const credential = credentials.get(change.id)
        kept.push(...(await carryOut(repositories, change, { ...call, now, credential })))
      }
      return kept
    })
    call.done.push(...done)
  }
}

/** Removals, then all who hand contacts to each other at once, then the rest. */
function batches(changes: readonly UserChange[]): readonly (readonly UserChange[])[] {
  const movers = changes.filter((change) => change.movesContact)
  const removals = changes.filter((change) => change.action === 'remove')
  const others = changes.filter((change) => change.action !== 'remove' && !change.movesContact)
  const cut = (all: readonly UserChange[]) =>
    Array.from({ length: Math.ceil(all.length / USERS_A_TRANSACTION) }, (_, index) =>
      all.slice(index * USERS_A_TRANSACTION, (index + 1) * USERS_A_TRANSACTION),
    )
  return [...cut(removals), ...(movers.length === 0 ? [] : [movers]), ...cut(others)]
}

/** Hashes outside the transaction: it is the slow part. */
async function makeCredentials(
  hasher: ApplyTools['hasher'],
  batch: readonly UserChange[],
): Promise<ReadonlyMap<string, Credential>> {
  const credentials = new Map<string, Credential>()
  const waiting = batch.filter((change) => change.action === 'create').values()
  const work = async () => {
    for (const { id, entry } of waiting) {
      const [salt, parameters] = [hasher.newSalt(), hasher.parameters]
      const digest = entry?.password ? await hasher.hash(entry.password, salt, parameters) : undefined
      credentials.set(id, { salt, parameters, digest, resetId: undefined, version: 1 })
    }
  }
  await Promise.all(Array.from({ length: HASHES_AT_ONCE }, work))
  return credentials
}

interface UserStep extends UsersCall {
  readonly now: number
}

/** True afterwards: no contact that this batch gives to somebody is still another's of the batch. */
async function freeContacts(
  repositories: Repositories,
  batch: readonly UserChange[],
  step: UserStep,
): Promise<readonly UserChange[]> {
  const { tenant } = step.configuration
  for (const { id, before, after, movesContact } of batch) {
    if (!movesContact || before === undefined || after === undefined) {
      continue
    }
    const user = await repositories.users.lock(tenant.id, id)
    if (user !== undefined) {
      const moved = {
        email: user.email === after.email ? user.email : undefined,
        mobile: user.mobile === after.mobile ? user.mobile : undefined,
      }
      await changeContacts(repositories, user, { ...user, ...moved }, { ...step, contacts: after })
    }
  }
  return batch
}

async function carryOut(
  repositories: Repositories,
  change: UserChange,
  step: UserStep & { readonly credential: Credential | undefined },
): Promise<readonly Change[]> {
  try {
    switch (change.action) {
      case 'remove':
        return await remove(repositories, change, step)
      case 'update':
        return await update(repositories, change, step)
      case 'create':
        return await create(repositories, change, step)
    }
  } catch (error) {
    if (error instanceof DuplicateError) {
      throw conflict(change, error)
    }
    throw error
  }
}

async function remove(
  repositories: Repositories,
  change: UserChange,
  step: UserStep,
): Promise<readonly Change[]> {
  const user = await repositories.users.lock(step.configuration.tenant.id, change.id)
  if (user === undefined) {
    return []
  }
  const { requestId, now } = step
  await removeUser(repositories, { user, actor: { kind: 'operator', id: undefined }, requestId, now })
  return [toChange(change)]
}

async function update(
  repositories: Repositories,
  change: UserChange,
  step: UserStep,
): Promise<readonly Change[]> {
  const user = await repositories.users.lock(step.configuration.tenant.id, change.id)
  if (user === undefined) {
    const message = `${change.name} was removed while apply ran: run it again`
    throw new ConcurrentChangeError(message, change.entry, 'userName', undefined)
  }
  return await updateLocked(repositories, { user, change, step })
}

/** Compares anew under the lock: what another run did meanwhile is not done again. */
async function updateLocked(
  repositories: Repositories,
  {
    user,
    change,
    step,
  }: { readonly user: UserWithCredential; readonly change: UserChange; readonly step: UserStep },
): Promise<readonly Change[]> {
  const role = change.after?.administratorRole ?? null
  const [fresh] = planUser(change.entry, user, {
    ...step.context,
    tenantId: user.tenantId,
    now: step.now,
    organizationIds: step.configuration.organizationIds,
    role,
  })
  if (fresh?.after === undefined) {
    return change.movesContact ? [toChange(change)] : []
  }
  await changeContacts(repositories, user, fresh.after, { ...step, contacts: fresh.after })
  const told = { ...fresh, fields: change.movesContact ? change.fields : fresh.fields }
  await repositories.audit.append(auditRow(told, { tenantId: user.tenantId, requestId: step.requestId }))
  return [toChange(told)]
}

/** Replaces the user's row, after what the change of contacts withdraws (reset protocol, rule 8). */
async function changeContacts(
  repositories: Repositories,
  user: UserWithCredential,
  after: User,
  step: UserStep & { readonly contacts: Pick<User, 'email' | 'mobile'> },
): Promise<void> {
  let mustChangePassword = user.mustChangePassword
  if (user.email !== step.contacts.email || user.mobile !== step.contacts.mobile) {
    await withdrawForChangedContact(repositories, {
      user,
      email: step.contacts.email,
      mobile: step.contacts.mobile,
      actor: { kind: 'operator', id: undefined },
      requestId: step.requestId,
      now: step.now,
    })
    const withdrawn = await repositories.users.findWithCredential(user.tenantId, user.id)
    mustChangePassword = withdrawn?.mustChangePassword ?? mustChangePassword
  }
  const { credential: _credential, ...row } = { ...user, ...after, mustChangePassword, updatedAt: step.now }
  await repositories.users.update(row)
}

async function create(
  repositories: Repositories,
  change: UserChange,
  step: UserStep & { readonly credential: Credential | undefined },
): Promise<readonly Change[]> {
  const { tenant } = step.configuration
  const found = await repositories.users.findByUserName(tenant.id, change.name)
  const user = found && (await repositories.users.lock(tenant.id, found.id))
  if (user !== undefined) {
    return await updateLocked(repositories, { user, change, step })
  }
  if (change.after === undefined || step.credential === undefined) {
    throw new Error('a user to be created has neither row nor credential')
  }
  await repositories.users.insert({
    ...change.after,
    createdAt: step.now,
    updatedAt: step.now,
    passwordChangedAt: step.credential.digest === undefined ? undefined : step.now,
    credential: step.credential,
  })
  await repositories.audit.append(auditRow(change, { tenantId: tenant.id, requestId: step.requestId }))
  return [toChange(change)]
}

const constraintKeys = ['email', 'mobile', 'user_name'] as const

function conflict(change: UserChange, error: DuplicateError): ConcurrentChangeError {
  const part = constraintKeys.find((key) => error.constraint.includes(key)) ?? 'user_name'
  const message = `${part} of ${change.name} was taken by somebody else while apply ran: run it again`
  const key = part === 'user_name' ? 'userName' : part
  return new ConcurrentChangeError(message, change.entry, key, error)
}
