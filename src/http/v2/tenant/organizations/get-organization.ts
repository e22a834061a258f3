import { route } from '../../../route.ts'
import { OrganizationIdParams, OrganizationRecord } from './organization-schema.ts'
import { presentOrganization } from './present-organization.ts'

export const getOrganization = route({
  method: 'GET',
  path: '/:org_id',
  permission: 'org_read',
  summary: 'Get an organization by id',
  params: OrganizationIdParams,
  answers: [200, 'ORG.0001'],
  success: OrganizationRecord,
  handle: async ({ core, caller, params }) => {
    const organization = await core.findOrganization(caller, params.org_id)
    return { body: presentOrganization(organization, caller.tenant.timeZone) }
  },
})
