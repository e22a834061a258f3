import type { AttributeKind } from '../../../../core/attributes/attribute-definition.ts'
import { route } from '../../../route.ts'
import { DefinitionRecord, definitionParams, presentDefinition, readPermission } from './definition-schema.ts'

export const getDefinition = (kind: AttributeKind) =>
  route({
    method: 'GET',
    path: `/${kind}/:code`,
    permission: readPermission[kind],
    summary: `Get what is asked of one attribute of ${kind}`,
    params: definitionParams(kind),
    answers: [200, 'ATTR.9001'],
    success: DefinitionRecord,
    handle: async ({ core, caller, params }) => ({
      body: presentDefinition(await core.findAttributeDefinition(caller, kind, params.code)),
    }),
  })
