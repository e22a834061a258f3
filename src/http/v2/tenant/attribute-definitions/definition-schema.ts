import { type Static, Type } from 'typebox'
import type { DefinitionChanges } from '../../../../core/attributes/attribute-calls.ts'
import {
  type AttributeDefinition,
  type AttributeKind,
  attributeTypes,
  DEFINED_LENGTH_MAX,
} from '../../../../core/attributes/attribute-definition.ts'
import { PATTERN_LENGTH_MAX } from '../../../../core/attributes/compile-pattern.ts'
import type { PermissionCode } from '../../../../core/permissions/permission-codes.ts'

/** Who may read; whoever changes one shapes the data of everybody, which takes `all`. */
export const readPermission = {
  users: 'user_read',
  organizations: 'org_read',
} as const satisfies Readonly<Record<AttributeKind, PermissionCode>>

const definedExamples: Readonly<Record<AttributeKind, string>> = {
  users: 'employee_id',
  organizations: 'category',
}

const newExamples: Readonly<Record<AttributeKind, string>> = {
  users: 'extension.badge',
  organizations: 'extension.cost_center',
}

export function definitionParams(kind: AttributeKind) {
  return Type.Object({
    code: Type.String({
      description: 'Code of the attribute, as `code` of its definition',
      examples: [definedExamples[kind]],
    }),
  })
}

const Nothing = Type.Null()

const parts = {
  type: Type.Optional(
    Type.Union([Type.Enum([...attributeTypes], { type: 'string' }), Nothing], {
      description: 'What a value is; only of attributes of your own. null: text',
      examples: ['text'],
    }),
  ),
  required: Type.Optional(
    Type.Union([Type.Boolean(), Nothing], {
      description: 'Whether creation needs it, and no change takes it away. null: false',
    }),
  ),
  unique: Type.Optional(
    Type.Union([Type.Boolean(), Nothing], {
      description: 'Whether one has a value, whatever the case of its letters. null: false',
    }),
  ),
  length_max: Type.Optional(
    Type.Union([Type.Integer({ minimum: 1, maximum: DEFINED_LENGTH_MAX }), Nothing], {
      description: 'Most characters of a value. null: as many as the attribute takes',
      examples: [20],
    }),
  ),
  pattern: Type.Optional(
    Type.Union([Type.String({ maxLength: PATTERN_LENGTH_MAX }), Nothing], {
      description: 'What the whole value must match; matched in bounded time. null: anything',
      examples: ['[A-Z]\\d{1,9}'],
    }),
  ),
}

/** Absent parts stay as they are. */
export const DefinitionChangesBody = Type.Object(parts)

export function newDefinitionBody(kind: AttributeKind) {
  return Type.Object({
    code: Type.String({
      description: 'A field of the API, or `extension.` and a name of your own; `name` in the tenant file',
      examples: [newExamples[kind]],
    }),
    ...parts,
  })
}

export const DefinitionCode = Type.Object({ code: Type.String() }, { additionalProperties: false })

export const DefinitionRecord = Type.Object(
  {
    code: Type.String({ examples: ['extension.badge'] }),
    type: Type.Enum([...attributeTypes], { type: 'string' }),
    required: Type.Boolean(),
    unique: Type.Boolean(),
    length_max: Type.Union([Type.Integer(), Nothing]),
    pattern: Type.Union([Type.String(), Nothing]),
  },
  { additionalProperties: false, title: 'AttributeDefinition' },
)

export function readDefinition(body: Static<typeof DefinitionChangesBody>): DefinitionChanges {
  return {
    ...(body.type === undefined ? {} : { type: body.type }),
    ...(body.required === undefined ? {} : { isRequired: body.required }),
    ...(body.unique === undefined ? {} : { isUnique: body.unique }),
    ...(body.length_max === undefined ? {} : { lengthMax: body.length_max }),
    ...(body.pattern === undefined ? {} : { pattern: body.pattern }),
  }
}

export function presentDefinition(definition: AttributeDefinition): Static<typeof DefinitionRecord> {
  return {
    code: definition.name,
    type: definition.type,
    required: definition.isRequired,
    unique: definition.isUnique,
    length_max: definition.lengthMax ?? null,
    pattern: definition.pattern ?? null,
  }
}
