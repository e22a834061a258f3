import { route } from '../../../../route.ts'
import { ApplicationOrganizationIdParams } from './application-organization-schema.ts'

export const deleteApplicationOrganization = route({
  method: 'DELETE',
  path: '/:app_id/organizations/:org_id',
  permission: 'app_org_all',
  summary: 'Delete an organization of an application that nothing is in or below',
  params: ApplicationOrganizationIdParams,
  answers: [204, 'APP.0001', 'APP.ORG.0024', 'APP.ORG.9005', 'APP.ORG.9006'],
  handle: async ({ core, caller, params }) => {
    const id = { applicationId: params.app_id, organizationId: params.org_id }
    await core.deleteApplicationOrganization(caller, id)
    return { body: undefined }
  },
})
