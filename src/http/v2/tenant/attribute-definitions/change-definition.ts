import type { AttributeKind } from '../../../../core/attributes/attribute-definition.ts'
import { route } from '../../../route.ts'
import {
  DefinitionChangesBody,
  DefinitionCode,
  definitionParams,
  readDefinition,
} from './definition-schema.ts'

export const changeDefinition = (kind: AttributeKind) =>
  route({
    method: 'PUT',
    path: `/${kind}/:code`,
    permission: 'all',
    summary: `Change what is asked of an attribute of ${kind}; absent parts stay as they are`,
    params: definitionParams(kind),
    body: DefinitionChangesBody,
    answers: [200, 'ATTR.9001', 'ATTR.9003', 'ATTR.9004', 'REQUEST.9002'],
    success: DefinitionCode,
    handle: async ({ core, caller, params, body }) => {
      await core.changeAttributeDefinition(caller, kind, params.code, readDefinition(body))
      return { body: { code: params.code } }
    },
  })
