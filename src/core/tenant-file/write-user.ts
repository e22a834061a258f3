import { DuplicateError } from '../../errors/store-error.ts'
import type { Repositories } from '../../store/store.ts'
import { type NoticeTools, tellContactsChanged } from '../notices/write-notice.ts'
import { removeUser } from '../users/remove-user.ts'
import { replaceRecord } from '../users/replace-record.ts'
import type { Credential, User, UserWithCredential } from '../users/user.ts'
import { auditRow } from './apply-configuration.ts'
import { ConcurrentChangeError } from './concurrent-change-error.ts'
import { type PlanContext, toChange } from './plan-tenant-changes.ts'
import { planUser } from './plan-users.ts'
import type { Change, ConfigurationPlan, UserChange } from './tenant-plan.ts'

/** What the writing of one user needs to know of the run it belongs to. */
export interface UserStep {
  readonly context: PlanContext
  readonly configuration: ConfigurationPlan
  readonly notices: NoticeTools
  readonly requestId: string
  readonly now: number
}

/**
 * Carries one change out, under the tenant's lock; what was really done: nothing, where another run did it already.
 * @throws ConcurrentChangeError somebody else took the name or a contact, or removed the user
 */
export async function writeUser(
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
  await keepOrganization(repositories, change, fresh.after)
  await changeContacts(repositories, user, fresh.after, { ...step, contacts: fresh.after })
  if (!change.movesContact) {
    await tellOfContacts(repositories, user, fresh.after, step)
  }
  const told = { ...fresh, fields: change.movesContact ? change.fields : fresh.fields }
  await repositories.audit.append(auditRow(told, { tenantId: user.tenantId, requestId: step.requestId }))
  return [toChange(told)]
}

/** Replaces the user's row, after what the change of contacts withdraws (reset protocol, rule 8). */
export async function changeContacts(
  repositories: Repositories,
  user: UserWithCredential,
  after: User,
  step: UserStep & { readonly contacts: Pick<User, 'email' | 'mobile'> },
): Promise<void> {
  const { credential: _credential, ...record } = { ...user, ...after }
  await replaceRecord(repositories, {
    user,
    after: { ...record, mustChangePassword: user.mustChangePassword },
    contacts: step.contacts,
    actor: { kind: 'operator', id: undefined },
    requestId: step.requestId,
    now: step.now,
  })
}

/** Call once for each change, with the user as before it. */
export async function tellOfContacts(
  repositories: Repositories,
  user: User,
  after: Pick<User, 'email' | 'mobile'>,
  { configuration, notices, now }: UserStep,
): Promise<void> {
  const settings = configuration.tenant.settings.notices
  await tellContactsChanged(repositories, user, after, { ...notices, settings, now })
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
  await keepOrganization(repositories, change, change.after)
  const at = await repositories.users.claimChangeTime(tenant.id)
  await repositories.users.insert({
    ...change.after,
    createdAt: at,
    updatedAt: at,
    passwordChangedAt: step.credential.digest === undefined ? undefined : step.now,
    credential: step.credential,
  })
  await repositories.audit.append(auditRow(change, { tenantId: tenant.id, requestId: step.requestId }))
  return [toChange(change)]
}

/** @throws ConcurrentChangeError the organisation that the user is to be in is gone */
async function keepOrganization(repositories: Repositories, change: UserChange, user: User): Promise<void> {
  const id = user.organizationId
  if (id !== undefined && !(await repositories.organizations.lockForMember(user.tenantId, id))) {
    const message = `the organisation of ${change.name} was removed while apply ran: run it again`
    throw new ConcurrentChangeError(message, change.entry, 'orgCode', undefined)
  }
}

const constraintKeys = ['email', 'mobile', 'user_name'] as const

function conflict(change: UserChange, error: DuplicateError): ConcurrentChangeError {
  const part = constraintKeys.find((key) => error.constraint.includes(key)) ?? 'user_name'
  const message = `${part} of ${change.name} was taken by somebody else while apply ran: run it again`
  const key = part === 'user_name' ? 'userName' : part
  return new ConcurrentChangeError(message, change.entry, key, error)
}
