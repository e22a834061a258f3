import type { AttributeKind } from '../../../../core/attributes/attribute-definition.ts'
import { route } from '../../../route.ts'
import { definitionParams } from './definition-schema.ts'

export const deleteDefinition = (kind: AttributeKind) =>
  route({
    method: 'DELETE',
    path: `/${kind}/:code`,
    permission: 'all',
    summary: `Ask nothing of an attribute of ${kind} any more; its values stay`,
    params: definitionParams(kind),
    answers: [204, 'ATTR.9001'],
    handle: async ({ core, caller, params }) => {
      await core.deleteAttributeDefinition(caller, kind, params.code)
      return { body: undefined }
    },
  })
