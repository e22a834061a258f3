import { Type } from 'typebox'
import type { AttributeKind } from '../../../../core/attributes/attribute-definition.ts'
import { route } from '../../../route.ts'
import { DefinitionRecord, presentDefinition, readPermission } from './definition-schema.ts'

const Definitions = Type.Object(
  { total: Type.Integer(), attributes: Type.Array(DefinitionRecord) },
  { additionalProperties: false },
)

/** All at once: there are 200 at most. */
export const listDefinitions = (kind: AttributeKind) =>
  route({
    method: 'GET',
    path: `/${kind}`,
    permission: readPermission[kind],
    summary: `List what is asked of attributes of ${kind}`,
    answers: [200],
    success: Definitions,
    handle: async ({ core, caller }) => {
      const definitions = await core.listAttributeDefinitions(caller, kind)
      return { body: { total: definitions.length, attributes: definitions.map(presentDefinition) } }
    },
  })
