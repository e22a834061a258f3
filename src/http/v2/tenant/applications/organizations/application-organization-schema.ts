import { Type } from 'typebox'
import type { ApplicationOrganization } from '../../../../../store/store.ts'
import { applicationIdField } from '../application-schema.ts'

export const ApplicationOrganizationIdParams = Type.Object({
  ...applicationIdField,
  org_id: Type.String({ description: 'Opaque id of the organization of the application' }),
})

export const ApplicationOrganizationIdAnswer = Type.Object(
  { org_id: Type.String() },
  { additionalProperties: false },
)

const name = Type.String({ examples: ['Development'] })
const parentField = Type.Optional(
  Type.Union([Type.String(), Type.Null()], {
    description: 'Id of the one above, of the same application; empty or null: a root',
  }),
)

export const NewApplicationOrganizationBody = Type.Object({
  org_code: Type.String({
    description: 'Unique in the application, whatever the case of its letters',
    examples: ['10001'],
  }),
  name,
  parent_id: parentField,
})

/** Absent fields stay as they are; the code cannot change. */
export const ApplicationOrganizationChangesBody = Type.Object({
  name: Type.Optional(name),
  parent_id: parentField,
})

/** The contract's record (section 2.4). */
export const ApplicationOrganizationRecord = Type.Object(
  {
    org_id: Type.String(),
    org_code: Type.String(),
    name: Type.String(),
    parent_id: Type.Union([Type.String(), Type.Null()], { description: 'null: a root' }),
    disabled: Type.Boolean({ description: 'false: no operation disables one' }),
    extension: Type.Record(Type.String(), Type.Unknown(), {
      description: 'Empty: there are no further attributes',
    }),
  },
  { additionalProperties: false },
)

export function presentApplicationOrganization(organization: ApplicationOrganization) {
  return {
    org_id: organization.id,
    org_code: organization.code,
    name: organization.name,
    parent_id: organization.parentId ?? null,
    disabled: false,
    extension: {},
  }
}
