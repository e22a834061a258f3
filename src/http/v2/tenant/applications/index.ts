import type { Route } from '../../../route.ts'
import { accountRoutes } from './accounts/index.ts'
import { applicationOrganizationRoutes } from './organizations/index.ts'
import { roleRoutes } from './roles/index.ts'

/** Below `/api/v2/tenant/applications`. */
export const applicationRoutes: readonly Route[] = [
  ...accountRoutes,
  ...applicationOrganizationRoutes,
  ...roleRoutes,
]
