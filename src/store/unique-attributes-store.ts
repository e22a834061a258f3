import type { AttributeKind } from '../core/attributes/attribute-definition.ts'
import type { UniqueValue } from '../core/attributes/check-attributes.ts'

export interface AttributeOwner {
  readonly tenantId: string
  readonly kind: AttributeKind
  readonly ownerId: string
}

export interface UniqueAttribute {
  readonly tenantId: string
  readonly kind: AttributeKind
  readonly attribute: string
}

export interface HeldValue {
  readonly valueKey: string
  readonly ownerId: string
}

/** Values of attributes that a tenant made unique. Changes hold the time of the change of their kind. */
export interface UniqueAttributeRepository {
  /** The first attribute whose value is another owner's. */
  findTaken(owner: AttributeOwner, values: readonly UniqueValue[]): Promise<string | undefined>
  /** Whose each value is; values that nobody has are absent. */
  findOwners(
    of: Omit<AttributeOwner, 'ownerId'>,
    attribute: string,
    valueKeys: readonly string[],
  ): Promise<ReadonlyMap<string, string>>
  /** Of owners that had none before. */
  insertAll(
    of: Omit<AttributeOwner, 'ownerId'>,
    values: readonly (UniqueValue & { readonly ownerId: string })[],
  ): Promise<void>
  /** Replaces all of one owner. */
  replace(owner: AttributeOwner, values: readonly UniqueValue[]): Promise<void>
  /** Whose the value is; undefined: nobody's. */
  findHolder(of: UniqueAttribute, valueKey: string): Promise<string | undefined>
  /** Adds the values that nobody has, each once; those that somebody has are returned. */
  add(of: UniqueAttribute, values: readonly HeldValue[]): Promise<readonly HeldValue[]>
  /** Forgets all of one attribute. */
  forget(tenantId: string, kind: AttributeKind, attribute: string): Promise<void>
}
