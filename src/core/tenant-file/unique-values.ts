import type { Organization, Repositories } from '../../store/store.ts'
import type { AttributeDefinition, AttributeKind } from '../attributes/attribute-definition.ts'
import { type AttributeValues, uniqueValues } from '../attributes/check-attributes.ts'
import { organizationValues } from '../organizations/check-defined.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { userValues } from '../users/check-defined.ts'
import type { User } from '../users/user.ts'
import { ConcurrentChangeError } from './concurrent-change-error.ts'
import { readUsers } from './tenant-plan.ts'

interface Owner {
  readonly id: string
  readonly name: string
  readonly values: AttributeValues
}

export function ownersOf(
  kind: AttributeKind,
  stored: { readonly users: readonly User[]; readonly organizations: readonly Organization[] },
): readonly Owner[] {
  return kind === 'users'
    ? stored.users.map((user) => ({ id: user.id, name: user.userName, values: userValues(user) }))
    : stored.organizations.map((row) => ({ id: row.id, name: row.code, values: organizationValues(row) }))
}

/** Two who have one value of an attribute that is to be unique; undefined: nobody shares. */
export function findShared(
  definitions: readonly AttributeDefinition[],
  owners: readonly Owner[],
): { readonly attribute: string; readonly first: string; readonly second: string } | undefined {
  const holders = new Map<string, string>()
  for (const { name, values } of owners) {
    for (const { attribute, valueKey } of uniqueValues(definitions, values)) {
      const key = JSON.stringify([attribute, valueKey])
      const first = holders.get(key)
      if (first !== undefined) {
        return { attribute, first, second: name }
      }
      holders.set(key, name)
    }
  }
  return undefined
}

/**
 * Writes down anew what nobody else may have, where the definitions say something else than before; call in the
 * transaction that changes them. The time of a change is claimed first: changes of the kind that began before have
 * committed, and those after read the new definitions (`keepUnique`).
 * @throws ConcurrentChangeError two have the same since the plan was checked
 */
export async function settleUniqueValues(
  repositories: Repositories,
  before: Tenant | undefined,
  after: Tenant,
): Promise<void> {
  const uniqueOf = (tenant: Tenant | undefined, kind: AttributeKind) =>
    (tenant?.settings.attributes[kind] ?? []).filter(({ isUnique }) => isUnique)
  const namesOf = (tenant: Tenant | undefined, kind: AttributeKind) =>
    uniqueOf(tenant, kind)
      .map(({ name }) => name)
      .toSorted()
      .join()
  for (const kind of ['organizations', 'users'] as const) {
    if (namesOf(before, kind) !== namesOf(after, kind)) {
      await settleKind(repositories, after, kind, uniqueOf(after, kind))
    }
  }
}

async function settleKind(
  repositories: Repositories,
  tenant: Tenant,
  kind: AttributeKind,
  definitions: readonly AttributeDefinition[],
): Promise<void> {
  const { users, organizations, uniqueAttributes } = repositories
  await (kind === 'users' ? users : organizations).claimChangeTime(tenant.id)
  await uniqueAttributes.clear(tenant.id, kind)
  if (definitions.length === 0) {
    return
  }
  const owners = ownersOf(kind, {
    users: kind === 'users' ? await readUsers(repositories, tenant.id) : [],
    organizations: kind === 'organizations' ? await organizations.list(tenant.id) : [],
  })
  const shared = findShared(definitions, owners)
  if (shared !== undefined) {
    const message = `${shared.first} and ${shared.second} were given the same ${shared.attribute} while apply ran: change one of them, and run it again`
    throw new ConcurrentChangeError(message, undefined, '', undefined)
  }
  for (const { id, values } of owners) {
    const unique = uniqueValues(definitions, values)
    if (unique.length > 0) {
      await uniqueAttributes.replace({ tenantId: tenant.id, kind, ownerId: id }, unique)
    }
  }
}
