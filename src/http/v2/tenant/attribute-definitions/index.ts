import type { AttributeKind } from '../../../../core/attributes/attribute-definition.ts'
import type { Route } from '../../../route.ts'
import { changeDefinition } from './change-definition.ts'
import { createDefinition } from './create-definition.ts'
import { deleteDefinition } from './delete-definition.ts'
import { getDefinition } from './get-definition.ts'
import { listDefinitions } from './list-definitions.ts'

const routesOf = (kind: AttributeKind): readonly Route[] =>
  [listDefinitions, createDefinition, getDefinition, changeDefinition, deleteDefinition].map((of) => of(kind))

/** Below `/api/v2/tenant/attribute-definitions`. */
export const attributeDefinitionRoutes: readonly Route[] = [
  ...routesOf('users'),
  ...routesOf('organizations'),
]
