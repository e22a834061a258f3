import type { Repositories, Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import { newId } from '../new-id.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import type { RandomBytes } from '../randomness.ts'
import type { SendMode, Tenant } from '../tenants/tenant.ts'
import { blankUser } from './blank-user.ts'
import type { User, UserWithCredential } from './user.ts'

export interface CreateOwnerCall {
  readonly tenant: Tenant
  readonly userName: string
  readonly sendMode: SendMode
  /** Of a user who is new. */
  readonly fresh: Pick<User, 'email' | 'mobile'> & { readonly name: string | undefined }
  /** Beside an owner who exists. */
  readonly isAdditional: boolean
  readonly requestId: string
}

export type CreatedOwner =
  | { readonly kind: 'created' | 'raised' | 'already'; readonly user: UserWithCredential }
  | { readonly kind: 'owner_exists'; readonly owners: readonly User[] }
  | { readonly kind: 'has_password' | 'disabled' | 'not_new' | 'no_contact' | 'mode_disabled' | 'no_gateway' }

interface CreateOwnerDeps {
  readonly store: Pick<Store, 'transaction'>
  readonly hasher: Pick<PasswordHasher, 'newSalt' | 'parameters'>
  readonly clock: Clock
  readonly random: RandomBytes
}

/**
 * Makes the first administrator of a tenant, or raises a user. True afterwards, if it answers `created` or `raised`: the
 * user is an owner; a new one has no password. `already`: an earlier run did that, and only the password is missing.
 * Any other answer: nothing was changed. The first password is a reset, which the caller starts next.
 * @throws DuplicateError the contact is another user's
 */
export async function createOwner(deps: CreateOwnerDeps, call: CreateOwnerCall): Promise<CreatedOwner> {
  return await deps.store.transaction(async (repositories) => {
    await repositories.tenants.lock(call.tenant.id) // two at once end as one after the other
    const found = await repositories.users.findByUserName(call.tenant.id, call.userName)
    const user = found && (await repositories.users.lock(call.tenant.id, found.id))
    const isOwner = user?.administratorRole === 'owner'
    const administrators = await repositories.users.listAdministrators(call.tenant.id)
    const owners = administrators.filter((one) => one.administratorRole === 'owner' && one.id !== user?.id)
    if (owners.length > 0 && !isOwner && !call.isAdditional) {
      return { kind: 'owner_exists', owners }
    }
    const refusal = await findRefusal(repositories, call, user)
    if (refusal !== undefined) {
      return { kind: refusal }
    }
    if (user === undefined) {
      return { kind: 'created', user: await create(deps, repositories, call) }
    }
    return isOwner
      ? { kind: 'already', user }
      : { kind: 'raised', user: await raise(repositories, call, user) }
  })
}

async function findRefusal(
  repositories: Repositories,
  call: CreateOwnerCall,
  user: UserWithCredential | undefined,
): Promise<Exclude<CreatedOwner['kind'], 'created' | 'raised' | 'already' | 'owner_exists'> | undefined> {
  const { fresh, sendMode, tenant } = call
  if (user?.administratorRole === 'owner' && user.credential.digest !== undefined) {
    return 'has_password'
  }
  if (user?.disabled === true) {
    return 'disabled'
  }
  const isGiven = [fresh.email, fresh.mobile, fresh.name].some((one) => one !== undefined)
  const isSame =
    (fresh.email ?? user?.email) === user?.email &&
    (fresh.mobile ?? user?.mobile) === user?.mobile &&
    (fresh.name ?? user?.name) === user?.name
  if (user !== undefined && isGiven && !isSame) {
    return 'not_new'
  }
  const { email, mobile } = user ?? fresh
  if ((sendMode === 'EMAIL' ? email : mobile) === undefined) {
    return 'no_contact'
  }
  if (!tenant.settings.reset.sendModes.includes(sendMode)) {
    return 'mode_disabled'
  }
  const gateways = await repositories.gateways.list(tenant.id)
  return gateways.some((one) => one.channel === sendMode && !one.disabled) ? undefined : 'no_gateway'
}

async function create(
  { hasher, clock, random }: CreateOwnerDeps,
  repositories: Repositories,
  { tenant, userName, fresh, requestId }: CreateOwnerCall,
): Promise<UserWithCredential> {
  const now = await repositories.users.claimChangeTime(tenant.id)
  const user: UserWithCredential = {
    ...blankUser,
    tenantId: tenant.id,
    id: newId(clock.now(), random),
    userName,
    name: fresh.name ?? userName,
    email: fresh.email,
    mobile: fresh.mobile,
    administratorRole: 'owner',
    createdAt: now,
    updatedAt: now,
    credential: {
      salt: hasher.newSalt(),
      parameters: hasher.parameters,
      digest: undefined,
      resetId: undefined,
      version: 1,
    },
  }
  await repositories.users.insert(user)
  await record(repositories, user, 'user.created', requestId)
  return user
}

async function raise(
  repositories: Repositories,
  { requestId }: CreateOwnerCall,
  user: UserWithCredential,
): Promise<UserWithCredential> {
  const updatedAt = await repositories.users.claimChangeTime(user.tenantId)
  const raised = { ...user, administratorRole: 'owner', updatedAt }
  await repositories.users.update(raised)
  await record(repositories, raised, 'user.updated', requestId)
  return raised
}

async function record(
  repositories: Repositories,
  user: User,
  action: 'user.created' | 'user.updated',
  requestId: string,
): Promise<void> {
  await repositories.audit.append({
    tenantId: user.tenantId,
    action,
    actor: { kind: 'operator', id: undefined },
    targetKind: 'user',
    targetId: user.id,
    requestId,
    detail: { fields: ['administrator_role'], role: 'owner' },
  })
}
