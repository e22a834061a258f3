import { route } from '../../../../route.ts'
import {
  ApplicationOrganizationIdParams,
  ApplicationOrganizationRecord,
  presentApplicationOrganization,
} from './application-organization-schema.ts'

export const getApplicationOrganization = route({
  method: 'GET',
  path: '/:app_id/organizations/:org_id',
  permission: 'app_org_read',
  summary: 'Get an organization of an application',
  params: ApplicationOrganizationIdParams,
  answers: [200, 'APP.0001', 'APP.ORG.0024'],
  success: ApplicationOrganizationRecord,
  handle: async ({ core, caller, params }) => {
    const id = { applicationId: params.app_id, organizationId: params.org_id }
    return { body: presentApplicationOrganization(await core.findApplicationOrganization(caller, id)) }
  },
})
