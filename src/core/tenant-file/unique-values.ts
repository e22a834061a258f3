import type { Organization, Repositories } from '../../store/store.ts'
import type { AttributeDefinition, AttributeKind } from '../attributes/attribute-definition.ts'
import { type AttributeValues, uniqueValues } from '../attributes/check-attributes.ts'
import type { SharedValue } from '../attributes/definition-faults.ts'
import { settleUnique } from '../attributes/settle-unique.ts'
import { organizationValues } from '../organizations/check-defined.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { userValues } from '../users/check-defined.ts'
import type { User } from '../users/user.ts'
import { ConcurrentChangeError } from './concurrent-change-error.ts'

interface Owner {
  readonly name: string
  readonly values: AttributeValues
}

export function ownersOf(
  kind: AttributeKind,
  stored: { readonly users: readonly User[]; readonly organizations: readonly Organization[] },
): readonly Owner[] {
  return kind === 'users'
    ? stored.users.map((user) => ({ name: user.userName, values: userValues(user) }))
    : stored.organizations.map((row) => ({ name: row.code, values: organizationValues(row) }))
}

/** Two who have one value of an attribute that is to be unique; undefined: nobody shares. */
export function findShared(
  definitions: readonly AttributeDefinition[],
  owners: readonly Owner[],
): SharedValue | undefined {
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
 * What becomes of unique values where the definitions say something else than before; call in the transaction that
 * changes them.
 * @throws ConcurrentChangeError two have the same since the plan was checked
 */
export async function settleUniqueValues(
  repositories: Repositories,
  before: Tenant | undefined,
  after: Tenant,
): Promise<void> {
  for (const kind of ['organizations', 'users'] as const) {
    const shared = await settleUnique(repositories, {
      tenantId: after.id,
      kind,
      before: before?.settings.attributes[kind] ?? [],
      after: after.settings.attributes[kind],
    })
    if (shared !== undefined) {
      const { attribute, first, second } = shared
      const message = `${first} and ${second} were given the same ${attribute} while apply ran: change one of them, and run it again`
      throw new ConcurrentChangeError(message, undefined, '', undefined)
    }
  }
}
