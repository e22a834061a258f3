import type { Repositories } from '../../store/store.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { AttributeKind } from './attribute-definition.ts'
import { type AttributeValues, uniqueValues } from './check-attributes.ts'

/**
 * Writes down what no other row may have; call after the time of the change was claimed, which lets one change of a kind
 * go after the other. So do changes of the definitions (`apply`), which are read here as they are now: a value cannot
 * slip through while an attribute becomes unique.
 * Returns the attribute whose value is another's; throw then, nothing must be committed.
 */
export async function keepUnique(
  { tenants, uniqueAttributes }: Pick<Repositories, 'tenants' | 'uniqueAttributes'>,
  p: {
    readonly tenant: Tenant
    readonly kind: AttributeKind
    readonly ownerId: string
    readonly values: AttributeValues
  },
): Promise<string | undefined> {
  const tenant = await tenants.findByCode(p.tenant.code)
  const definitions = (tenant ?? p.tenant).settings.attributes[p.kind]
  if (!definitions.some(({ isUnique }) => isUnique)) {
    return undefined
  }
  const values = uniqueValues(definitions, p.values)
  const owner = { tenantId: p.tenant.id, kind: p.kind, ownerId: p.ownerId }
  const taken = await uniqueAttributes.findTaken(owner, values)
  if (taken === undefined) {
    await uniqueAttributes.replace(owner, values)
  }
  return taken
}
