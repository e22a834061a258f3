import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import type { Caller } from '../permissions/caller.ts'
import { changedBy } from '../permissions/changed-by.ts'
import type { DefinitionChanges } from './attribute-calls.ts'
import {
  type AttributeDefinition,
  type AttributeKind,
  attributeDefinition,
  DEFINITIONS_MAX,
} from './attribute-definition.ts'
import { findDefinitionFault } from './definition-faults.ts'
import { requireDefinition } from './find-definitions.ts'
import { settleUnique } from './settle-unique.ts'

/**
 * Defines an attribute. Rows from before are not looked at, but for values that two have of a unique one.
 * @throws ApiError ATTR.9003 what no definition can say; ATTR.9002 defined already; ATTR.9005 too many; ATTR.9004 two have
 *   the same
 */
export async function createAttributeDefinition(
  store: Pick<Store, 'transaction'>,
  caller: Caller,
  kind: AttributeKind,
  { name, ...given }: DefinitionChanges & Pick<AttributeDefinition, 'name'>,
): Promise<void> {
  const definition = attributeDefinition(name, given)
  refuseFaulty(kind, definition)
  await changeDefinitions(store, caller, kind, (definitions) => {
    if (definitions.some((other) => other.name === name)) {
      throw new ApiError('ATTR.9002', { detail: 'code' })
    }
    if (definitions.length >= DEFINITIONS_MAX) {
      throw new ApiError('ATTR.9005', { params: [DEFINITIONS_MAX] })
    }
    return { verb: 'created', name, fields: [], after: [...definitions, definition] }
  })
}

/**
 * Changes what is given and leaves the rest. What is as it was already is no change and leaves no record.
 * @throws ApiError ATTR.9001 not defined; ATTR.9003 what no definition can say; ATTR.9004 two have the same
 */
export async function changeAttributeDefinition(
  store: Pick<Store, 'transaction'>,
  caller: Caller,
  kind: AttributeKind,
  name: string,
  changes: DefinitionChanges,
): Promise<void> {
  await changeDefinitions(store, caller, kind, (definitions) => {
    const before = requireDefinition(definitions, name)
    const wanted = attributeDefinition(name, { ...before, ...changes })
    refuseFaulty(kind, wanted)
    const fields = changedParts(before, wanted)
    const after = definitions.map((definition) => (definition === before ? wanted : definition))
    return fields.length === 0 ? undefined : { verb: 'updated', name, fields, after }
  })
}

/**
 * Takes a definition away; values stay where they are, and nothing is asked of them any more.
 * @throws ApiError ATTR.9001
 */
export async function deleteAttributeDefinition(
  store: Pick<Store, 'transaction'>,
  caller: Caller,
  kind: AttributeKind,
  name: string,
): Promise<void> {
  await changeDefinitions(store, caller, kind, (definitions) => {
    const gone = requireDefinition(definitions, name)
    return { verb: 'removed', name, fields: [], after: definitions.filter((one) => one !== gone) }
  })
}

function refuseFaulty(kind: AttributeKind, definition: AttributeDefinition): void {
  const fault = findDefinitionFault(kind, definition)
  if (fault !== undefined) {
    const part = fault.part === 'name' ? 'code' : fault.part
    throw new ApiError('ATTR.9003', { params: [fault.text], detail: part })
  }
}

const partNames: readonly (readonly [keyof DefinitionChanges, string])[] = [
  ['type', 'type'],
  ['isRequired', 'required'],
  ['isUnique', 'unique'],
  ['lengthMax', 'length_max'],
  ['pattern', 'pattern'],
]

function changedParts(before: AttributeDefinition, after: AttributeDefinition): readonly string[] {
  return partNames.filter(([key]) => before[key] !== after[key]).map(([, name]) => name)
}

interface Decided {
  readonly verb: 'created' | 'updated' | 'removed'
  readonly name: string
  /** What differs, by the wire's names. */
  readonly fields: readonly string[]
  readonly after: readonly AttributeDefinition[]
}

/**
 * One transaction under the tenant's lock, which `apply` holds too: what is decided, is decided about the definitions as
 * they are, and changes at once end as one after the other. True afterwards: definitions, unique values and the record
 * say the same. The other settings stay as somebody else may just have made them.
 */
async function changeDefinitions(
  store: Pick<Store, 'transaction'>,
  caller: Caller,
  kind: AttributeKind,
  decide: (definitions: readonly AttributeDefinition[]) => Decided | undefined,
): Promise<void> {
  const tenantId = caller.tenant.id
  await store.transaction(async (repositories) => {
    const { tenants, audit } = repositories
    await tenants.lock(tenantId)
    // read under the lock: the tenant of the request may be 5 s old
    const { settings } = (await tenants.find(tenantId)) ?? caller.tenant
    const before = settings.attributes[kind]
    const decided = decide(before)
    if (decided === undefined) return
    const { verb, name, fields, after } = decided
    const attributes = { ...settings.attributes, [kind]: after }
    await tenants.updateSettings(tenantId, { ...settings, attributes })
    const shared = await settleUnique(repositories, { tenantId, kind, before, after })
    if (shared !== undefined) {
      throw new ApiError('ATTR.9004', {
        params: [shared.attribute, shared.first, shared.second],
        detail: 'unique',
      })
    }
    await audit.append({
      ...changedBy(caller, 'tenant', tenantId),
      action: `attribute_definition.${verb}`,
      detail: { kind, attribute: name, ...(fields.length === 0 ? {} : { fields }) },
    })
  })
}
