import type { Tenant } from '../core/tenants/tenant.ts'
import { isStorableText } from '../core/users/is-storable-text.ts'
import type { UserWithCredential } from '../core/users/user.ts'
import type { Store } from '../store/store.ts'
import { CommandError } from './command-error.ts'

/**
 * The tenant that a command is about: the one named, or the only one.
 * @throws CommandError listing the tenants when none was named and there are several, or the name is nobody's
 */
export async function findTenant(store: Pick<Store, 'read'>, code: string | undefined): Promise<Tenant> {
  const tenants = await store.read.tenants.list()
  const [first, ...others] = tenants
  if (first === undefined) {
    throw new CommandError('There is no tenant yet: make one with "rekey apply -f tenant.yaml".')
  }
  const problems = tenants.map((tenant) => `--tenant ${tenant.code}  (${tenant.name})`)
  if (code === undefined) {
    if (others.length > 0) {
      throw new CommandError('There are several tenants: say which one.', { problems })
    }
    return first
  }
  const found = isStorableText(code) ? await store.read.tenants.findByCode(code) : undefined
  if (found === undefined) {
    throw new CommandError(`There is no tenant "${code}". There is:`, { problems })
  }
  return found
}

/**
 * A user by name, or else by id.
 * @throws CommandError when nobody in the tenant has either
 */
export async function findSubject(
  store: Pick<Store, 'read'>,
  tenant: Tenant,
  nameOrId: string,
): Promise<UserWithCredential> {
  const { users } = store.read
  const named = isStorableText(nameOrId) ? await users.findByUserName(tenant.id, nameOrId) : undefined
  const found = isStorableText(nameOrId)
    ? await users.findWithCredential(tenant.id, named?.id ?? nameOrId)
    : undefined
  if (found === undefined) {
    throw new CommandError(
      `There is no user "${nameOrId}" in tenant ${tenant.code}: give the user name or the id, not the address.`,
    )
  }
  return found
}
