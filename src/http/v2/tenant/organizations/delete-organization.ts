import { route } from '../../../route.ts'
import { OrganizationIdParams } from './organization-schema.ts'

export const deleteOrganization = route({
  method: 'DELETE',
  path: '/:org_id',
  permission: 'org_all',
  summary: 'Delete an organization that nothing is in or below',
  params: OrganizationIdParams,
  answers: [204, 'ORG.0001', 'ORG.0020', 'ORG.0022'],
  handle: async ({ core, caller, params }) => {
    await core.deleteOrganization(caller, params.org_id)
    return { body: undefined }
  },
})
