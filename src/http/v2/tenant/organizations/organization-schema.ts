import { type Static, Type } from 'typebox'
import type { OrganizationChanges } from '../../../../core/organizations/organization-calls.ts'

export const OrganizationIdParams = Type.Object({
  org_id: Type.String({ description: 'Opaque id of the organization' }),
})

export const OrganizationIdAnswer = Type.Object({ org_id: Type.String() }, { additionalProperties: false })

const Nothing = Type.Null()
const code = Type.String({
  description: 'Unique in the tenant, whatever the case of its letters; `org_code` in records',
  examples: ['research'],
})
const name = Type.String({ examples: ['Research'] })

const otherFields = {
  parent_id: Type.Optional(
    Type.Union([Type.String(), Nothing], { description: 'Id of the one above; empty or null: a root' }),
  ),
  category: Type.Optional(
    Type.Union([Type.String(), Nothing], {
      description: 'Code of its type; null: none',
      examples: ['department'],
    }),
  ),
  sequence: Type.Optional(
    Type.Union([Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 }), Nothing], {
      description: 'Place among its siblings where they are shown; null: none',
    }),
  ),
  extension: Type.Optional(
    Type.Union([Type.Record(Type.String(), Type.Unknown()), Nothing], {
      description: 'Further attributes, replaced whole; null: none',
    }),
  ),
}

/** Absent fields are as if they were null. */
export const NewOrganizationBody = Type.Object({ code, name, ...otherFields })

/** Absent fields stay as they are. */
export const OrganizationChangesBody = Type.Object({
  code: Type.Optional(code),
  name: Type.Optional(name),
  ...otherFields,
})

/** Fields that the contract does not know are passed over. */
export function readChanges(body: Static<typeof OrganizationChangesBody>): OrganizationChanges {
  const { parent_id: parentId } = body
  return {
    ...(body.code === undefined ? {} : { code: body.code }),
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(parentId === undefined ? {} : { parentId: parentId === '' ? null : parentId }),
    ...(body.category === undefined ? {} : { category: body.category }),
    ...(body.sequence === undefined ? {} : { sequence: body.sequence }),
    ...(body.extension === undefined ? {} : { extension: body.extension }),
  }
}

/** The contract's organisation record (section 2.2). What an organisation does not have is null. */
export const OrganizationRecord = Type.Object(
  {
    org_id: Type.String(),
    parent_id: Type.Union([Type.String(), Nothing], { description: 'null: a root' }),
    name: Type.String(),
    category: Type.Union([Type.String(), Nothing]),
    org_code: Type.String(),
    sequence: Type.Union([Type.Integer(), Nothing]),
    disabled: Type.Boolean(),
    created_at: Type.String({ description: 'When it was created, yyyy-MM-dd HH:mm:ss.SSS' }),
    updated_at: Type.String({
      description: 'When it or its place in the tree last changed, yyyy-MM-dd HH:mm:ss.SSS',
    }),
    extension: Type.Record(Type.String(), Type.Unknown()),
  },
  { additionalProperties: false, title: 'Organization' },
)
