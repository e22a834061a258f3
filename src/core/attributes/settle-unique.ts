import type { Repositories } from '../../store/store.ts'
import { organizationValues } from '../organizations/check-defined.ts'
import { userValues } from '../users/check-defined.ts'
import type { AttributeDefinition, AttributeKind } from './attribute-definition.ts'
import { type AttributeValues, uniqueValues } from './check-attributes.ts'
import type { SharedValue } from './definition-faults.ts'

interface Owner {
  readonly id: string
  /** As people know them: user name, code. */
  readonly name: string
  readonly values: AttributeValues
}

const OWNERS_A_PAGE = 1_000

/**
 * Writes down what nobody else may have of attributes that become unique, and forgets what need not be unique any more;
 * call in the transaction that changes the definitions. The time of a change is claimed first: changes of the kind that
 * began before have committed, and those after read the new definitions (`keepUnique`).
 * Returns two who have the same; throw then, nothing must be committed.
 */
export async function settleUnique(
  repositories: Repositories,
  p: {
    readonly tenantId: string
    readonly kind: AttributeKind
    readonly before: readonly AttributeDefinition[]
    readonly after: readonly AttributeDefinition[]
  },
): Promise<SharedValue | undefined> {
  const { tenantId, kind } = p
  const before = p.before.filter(({ isUnique }) => isUnique)
  const after = p.after.filter(({ isUnique }) => isUnique)
  const gone = before.filter(({ name }) => !after.some((other) => other.name === name))
  const added = after.filter(({ name }) => !before.some((other) => other.name === name))
  if (gone.length === 0 && added.length === 0) {
    return undefined
  }
  const { users, organizations, uniqueAttributes } = repositories
  await (kind === 'users' ? users : organizations).claimChangeTime(tenantId)
  for (const { name } of gone) {
    await uniqueAttributes.forget(tenantId, kind, name)
  }
  if (added.length > 0) {
    for await (const owners of pagesOf(repositories, tenantId, kind)) {
      const shared = await addPage(repositories, { tenantId, kind, added, owners })
      if (shared !== undefined) return shared
    }
  }
  return undefined
}

/** Page by page, so that a tenant of any size takes the memory of one. */
async function* pagesOf(
  { users, organizations }: Repositories,
  tenantId: string,
  kind: AttributeKind,
): AsyncGenerator<readonly Owner[]> {
  let page: readonly Owner[] = []
  do {
    const last = page.at(-1)?.id
    page =
      kind === 'users'
        ? (await users.listWithCredentials(tenantId, last, OWNERS_A_PAGE)).map((user) => ({
            ...{ id: user.id, name: user.userName, values: userValues(user) },
          }))
        : (await organizations.listAfter(tenantId, last, OWNERS_A_PAGE)).map((row) => ({
            ...{ id: row.id, name: row.code, values: organizationValues(row) },
          }))
    yield page
  } while (page.length === OWNERS_A_PAGE)
}

async function addPage(
  repositories: Repositories,
  p: {
    readonly tenantId: string
    readonly kind: AttributeKind
    readonly added: readonly AttributeDefinition[]
    readonly owners: readonly Owner[]
  },
): Promise<SharedValue | undefined> {
  const { tenantId, kind, added, owners } = p
  const { uniqueAttributes } = repositories
  for (const definition of added) {
    const attribute = definition.name
    const page = new Map<string, Owner>()
    for (const owner of owners) {
      const [unique] = uniqueValues([definition], owner.values)
      const other = unique && page.get(unique.valueKey)
      if (other !== undefined) return { attribute, first: other.name, second: owner.name }
      if (unique !== undefined) page.set(unique.valueKey, owner)
    }
    const of = { tenantId, kind, attribute }
    const values = [...page].map(([valueKey, { id }]) => ({ valueKey, ownerId: id }))
    const [taken] = await uniqueAttributes.add(of, values)
    if (taken !== undefined) {
      const holder = (await uniqueAttributes.findHolder(of, taken.valueKey)) ?? ''
      const first = await nameOf(repositories, p, holder)
      return { attribute, first, second: page.get(taken.valueKey)?.name ?? '' }
    }
  }
  return undefined
}

async function nameOf(
  { users, organizations }: Repositories,
  { tenantId, kind }: { readonly tenantId: string; readonly kind: AttributeKind },
  ownerId: string,
): Promise<string> {
  const name =
    kind === 'users'
      ? (await users.find(tenantId, ownerId))?.userName
      : (await organizations.find(tenantId, ownerId))?.code
  return name ?? ownerId
}
