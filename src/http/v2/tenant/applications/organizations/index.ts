import type { Route } from '../../../../route.ts'
import { createApplicationOrganization } from './create-application-organization.ts'
import { deleteApplicationOrganization } from './delete-application-organization.ts'
import { getApplicationOrganization } from './get-application-organization.ts'
import { listApplicationOrganizations } from './list-application-organizations.ts'
import { modifyApplicationOrganization } from './modify-application-organization.ts'

/** Below `/api/v2/tenant/applications`. */
export const applicationOrganizationRoutes: readonly Route[] = [
  listApplicationOrganizations,
  createApplicationOrganization,
  getApplicationOrganization,
  modifyApplicationOrganization,
  deleteApplicationOrganization,
]
