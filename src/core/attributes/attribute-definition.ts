import { profileFields } from '../users/profile-fields.ts'

export const attributeTypes = ['text', 'integer', 'number', 'boolean', 'date'] as const
export type AttributeType = (typeof attributeTypes)[number]
export type AttributeKind = 'users' | 'organizations'

/** What a tenant asks of one attribute. */
export interface AttributeDefinition {
  /** The wire's name, or `extension.` and the name of an attribute of the tenant's own. */
  readonly name: string
  /** Attributes that the contract has are texts or dates by themselves. */
  readonly type: AttributeType
  readonly isRequired: boolean
  /** One user, or organisation, has a value; compared as names are. */
  readonly isUnique: boolean
  /** Characters; undefined: as many as the attribute takes at all. */
  readonly lengthMax: number | undefined
  /** Matches the whole value (`compile-pattern.ts`). */
  readonly pattern: string | undefined
}

export type AttributeDefinitions = Readonly<Record<AttributeKind, readonly AttributeDefinition[]>>

export const EXTENSION_PREFIX = 'extension.'

/** Attributes of the contract that can be defined; what is unique or required by itself needs no definition. */
const definableNames: Readonly<Record<AttributeKind, readonly string[]>> = {
  users: ['user_name', 'name', 'mobile', 'email', ...profileFields],
  organizations: ['code', 'name', 'category'],
}

/** Of these every value is one user's already, or stands in no index of ours. */
export function canBeUnique(kind: AttributeKind, name: string): boolean {
  return isExtension(name) || (kind === 'users' && profileFields.some((field) => field === name))
}

export function isExtension(name: string): boolean {
  return name.startsWith(EXTENSION_PREFIX)
}

export function isDefinableName(kind: AttributeKind, name: string): boolean {
  return definableNames[kind].includes(name) || /^extension\.[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name)
}

/** More than any company asks for, and a row of settings that stays small. */
export const DEFINITIONS_MAX = 200

/** Characters that `lengthMax` may name. */
export const DEFINED_LENGTH_MAX = 1_000

/** Its keys in the order in which they are stored, so that equal definitions are equal as JSON too. */
export function attributeDefinition(
  name: string,
  given: { readonly [K in keyof Omit<AttributeDefinition, 'name'>]?: AttributeDefinition[K] | null },
): AttributeDefinition {
  return {
    name,
    type: given.type ?? 'text',
    isRequired: given.isRequired ?? false,
    isUnique: given.isUnique ?? false,
    lengthMax: given.lengthMax ?? undefined,
    pattern: given.pattern ?? undefined,
  }
}
