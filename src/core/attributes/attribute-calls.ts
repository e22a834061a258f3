import type { Caller } from '../permissions/caller.ts'
import type { AttributeDefinition, AttributeKind } from './attribute-definition.ts'

/** What a caller wrote. Absent: left as it is, or the default of a new one. `null`: the default. */
export type DefinitionChanges = {
  readonly [K in keyof Omit<AttributeDefinition, 'name'>]?: AttributeDefinition[K] | null
}

/** What the edges may ask about attribute definitions. Each throws ApiError with a code that its route declares. */
export interface AttributeCalls {
  /** In the order in which they were made. */
  listAttributeDefinitions(caller: Caller, kind: AttributeKind): Promise<readonly AttributeDefinition[]>
  findAttributeDefinition(caller: Caller, kind: AttributeKind, name: string): Promise<AttributeDefinition>
  createAttributeDefinition(
    caller: Caller,
    kind: AttributeKind,
    definition: DefinitionChanges & Pick<AttributeDefinition, 'name'>,
  ): Promise<void>
  changeAttributeDefinition(
    caller: Caller,
    kind: AttributeKind,
    name: string,
    changes: DefinitionChanges,
  ): Promise<void>
  deleteAttributeDefinition(caller: Caller, kind: AttributeKind, name: string): Promise<void>
}
