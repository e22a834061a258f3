import type { AttributeKind } from '../../../../core/attributes/attribute-definition.ts'
import { route } from '../../../route.ts'
import { DefinitionCode, newDefinitionBody, readDefinition } from './definition-schema.ts'

export const createDefinition = (kind: AttributeKind) =>
  route({
    method: 'POST',
    path: `/${kind}`,
    permission: 'all',
    summary: `Define an attribute of ${kind}; it holds for what calls name from now on`,
    body: newDefinitionBody(kind),
    answers: [201, 'ATTR.9002', 'ATTR.9003', 'ATTR.9004', 'ATTR.9005', 'REQUEST.9002'],
    success: DefinitionCode,
    handle: async ({ core, caller, body }) => {
      await core.createAttributeDefinition(caller, kind, { ...readDefinition(body), name: body.code })
      return { body: { code: body.code } }
    },
  })
