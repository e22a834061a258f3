import { ApiError } from '../../errors/api-error.ts'
import type { OrganizationRepository } from '../../store/store.ts'
import { normaliseKey } from './normalise-key.ts'
import type { OrganizationRelation, User } from './user.ts'
import type { UserChanges } from './user-calls.ts'

export type Place = Pick<User, 'organizationId' | 'relations'>

/** What is asked about organisations when somebody is put into them. */
export type PlaceFinder = Pick<OrganizationRepository, 'findIds' | 'findFirstRoot' | 'lockForMember'>

/**
 * The organisations that a user is in after a change; call under the user's lock. They stay until the transaction ends.
 * @throws ApiError ORG.0001 no organisation has a code that was sent
 */
export async function placeUser(
  organizations: PlaceFinder,
  tenantId: string,
  before: Place,
  { organizationCode, relations }: UserChanges,
): Promise<Place> {
  if (organizationCode === undefined && relations === undefined) {
    return { organizationId: before.organizationId, relations: before.relations }
  }
  const named = relations?.map((relation) => relation.organizationCode) ?? []
  const ids = await organizations.findIds(tenantId, [
    ...named,
    ...(organizationCode ? [organizationCode] : []),
  ])
  const idOf = (code: string, field: string) => {
    const id = ids.get(normaliseKey(code))
    if (id === undefined) {
      throw new ApiError('ORG.0001', { detail: field })
    }
    return id
  }
  const organizationId =
    organizationCode === undefined
      ? before.organizationId
      : organizationCode === null
        ? await organizations.findFirstRoot(tenantId)
        : idOf(organizationCode, 'org_code')
  const place = {
    organizationId,
    relations:
      relations === undefined
        ? replaceMain(before, organizationId)
        : withoutDoubles(
            (relations ?? []).map(({ organizationCode: code, relationType }) => ({
              organizationId: idOf(code, 'user_org_relation_list'),
              relationType,
            })),
          ),
  }
  await keepOrganizations(organizations, tenantId, place)
  return place
}

/** What becomes of the list when only the main organisation is another one: the entry of the old one is the new one's. */
export function replaceMain(before: Place, organizationId: string | undefined): User['relations'] {
  const { relations, organizationId: old } = before
  if (organizationId === old) {
    return relations
  }
  const moved = relations.flatMap((relation) => {
    const isMain = relation.organizationId === old
    return isMain ? (organizationId === undefined ? [] : [{ ...relation, organizationId }]) : [relation]
  })
  return withoutDoubles(moved)
}

function withoutDoubles(relations: readonly OrganizationRelation[]): User['relations'] {
  const seen = new Map<string, OrganizationRelation>()
  for (const relation of relations) {
    if (!seen.has(relation.organizationId)) {
      seen.set(relation.organizationId, relation)
    }
  }
  return [...seen.values()]
}

/** In one order, so that two users who are put into the same ones wait for nobody in a circle. */
async function keepOrganizations(
  organizations: PlaceFinder,
  tenantId: string,
  { organizationId, relations }: Place,
): Promise<void> {
  const main = organizationId === undefined ? [] : [organizationId]
  const ids = new Set([...main, ...relations.map((relation) => relation.organizationId)])
  for (const id of [...ids].toSorted()) {
    if (!(await organizations.lockForMember(tenantId, id))) {
      throw new ApiError('ORG.0001', {
        detail: id === organizationId ? 'org_code' : 'user_org_relation_list',
      })
    }
  }
}
