import { LEVELS_MAX } from './place-below.ts'

export interface TreeFault {
  readonly organizationId: string
  readonly reason: 'circle' | 'missing_parent' | 'too_deep'
}

/**
 * The first organisation that has no place in the tree; undefined: it is one.
 * @param parents of every organisation of a tenant by id; undefined: a root
 */
export function findTreeFault(parents: ReadonlyMap<string, string | undefined>): TreeFault | undefined {
  for (const organizationId of parents.keys()) {
    const reason = faultAbove(organizationId, parents)
    if (reason !== undefined) {
      return { organizationId, reason }
    }
  }
  return undefined
}

function faultAbove(
  organizationId: string,
  parents: ReadonlyMap<string, string | undefined>,
): TreeFault['reason'] | undefined {
  const path = new Set<string>()
  let id: string | undefined = organizationId
  while (id !== undefined) {
    if (path.has(id)) return 'circle'
    if (!parents.has(id)) return 'missing_parent'
    path.add(id)
    id = parents.get(id)
  }
  return path.size > LEVELS_MAX ? 'too_deep' : undefined
}
