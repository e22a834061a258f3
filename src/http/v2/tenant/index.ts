import { prefixed, type Route } from '../../route.ts'
import { applicationRoutes } from './applications/index.ts'
import { attributeDefinitionRoutes } from './attribute-definitions/index.ts'
import { organizationRoutes } from './organizations/index.ts'
import { ssoRoutes } from './sso/index.ts'
import { token } from './token.ts'
import { userImportRoutes } from './user-imports/index.ts'
import { userRoutes } from './users/index.ts'
import { webhookRoutes } from './webhooks/index.ts'

export const tenantRoutes: readonly Route[] = [
  token,
  ...prefixed('/api/v2/tenant/users', userRoutes),
  ...prefixed('/api/v2/tenant/user-imports', userImportRoutes),
  ...prefixed('/api/v2/tenant/organizations', organizationRoutes),
  ...prefixed('/api/v2/tenant/attribute-definitions', attributeDefinitionRoutes),
  ...prefixed('/api/v2/tenant/applications', applicationRoutes),
  ...prefixed('/api/v2/tenant/webhooks', webhookRoutes),
  ...prefixed('/api/v2/tenant', ssoRoutes),
]
