import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import type { AttributeDefinition, AttributeKind } from './attribute-definition.ts'

/** Read from the store: what a request knows of its tenant may be 5 s old, and whoever just changed one reads it back. */
export async function listAttributeDefinitions(
  store: Pick<Store, 'read'>,
  { tenant }: Caller,
  kind: AttributeKind,
): Promise<readonly AttributeDefinition[]> {
  const stored = await store.read.tenants.find(tenant.id)
  return (stored ?? tenant).settings.attributes[kind]
}

/** @throws ApiError ATTR.9001 */
export async function findAttributeDefinition(
  store: Pick<Store, 'read'>,
  caller: Caller,
  kind: AttributeKind,
  name: string,
): Promise<AttributeDefinition> {
  return requireDefinition(await listAttributeDefinitions(store, caller, kind), name)
}

/** @throws ApiError ATTR.9001 none of these is of the attribute */
export function requireDefinition(
  definitions: readonly AttributeDefinition[],
  name: string,
): AttributeDefinition {
  const found = definitions.find((definition) => definition.name === name)
  if (found === undefined) throw new ApiError('ATTR.9001')
  return found
}
