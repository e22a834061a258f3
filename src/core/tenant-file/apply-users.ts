import type { Repositories } from '../../store/store.ts'
import type { Credential } from '../users/user.ts'
import type { ApplyTools } from './apply-tools.ts'
import { planTenantUsers } from './plan-tenant-changes.ts'
import type { TenantDocument } from './tenant-file-schema.ts'
import { type Change, readUsers, type UserChange } from './tenant-plan.ts'
import { changeContacts, tellOfContacts, type UserStep, writeUser } from './write-user.ts'

const USERS_A_TRANSACTION = 200 // locks are held for a fraction of a second, so that resets meanwhile hardly wait
const HASHES_AT_ONCE = 4 // the hasher bounds the cores; more only fills its queue

interface UsersCall extends Omit<UserStep, 'now'> {
  readonly entry: TenantDocument
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
      await lockAll(repositories, call.configuration.tenant.id, batch)
      const now = await repositories.now()
      const kept: Change[] = []
      for (const change of await freeContacts(repositories, batch, { ...call, now })) {
        const credential = credentials.get(change.id)
        kept.push(...(await writeUser(repositories, change, { ...call, now, credential })))
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

/** All users first: whoever claims the time of a change must not wait for a user any more. */
async function lockAll(
  { users }: Repositories,
  tenantId: string,
  batch: readonly UserChange[],
): Promise<void> {
  const stored = batch.filter((change) => change.action !== 'create')
  for (const id of stored.map((change) => change.id).toSorted()) {
    await users.lock(tenantId, id)
  }
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
      const digest = entry?.password
        ? await hasher.hash(entry.password, salt, parameters)
        : entry?.passwordHash?.reveal()
      credentials.set(id, { salt, parameters, digest, resetId: undefined, version: 1 })
    }
  }
  await Promise.all(Array.from({ length: HASHES_AT_ONCE }, work))
  return credentials
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
      await tellOfContacts(repositories, user, after, step)
    }
  }
  return batch
}
