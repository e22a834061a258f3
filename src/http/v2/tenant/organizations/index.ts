import type { Route } from '../../../route.ts'
import { createOrganization } from './create-organization.ts'
import { deleteOrganization } from './delete-organization.ts'
import { getOrganization } from './get-organization.ts'
import { listOrganizations } from './list-organizations.ts'
import { modifyOrganization } from './modify-organization.ts'
import { organizationByCode } from './organization-by-code.ts'

/** Below `/api/v2/tenant/organizations`. */
export const organizationRoutes: readonly Route[] = [
  listOrganizations,
  createOrganization,
  organizationByCode,
  getOrganization,
  modifyOrganization,
  deleteOrganization,
]
