import { route } from '../../../../route.ts'
import {
  ApplicationOrganizationChangesBody,
  ApplicationOrganizationIdAnswer,
  ApplicationOrganizationIdParams,
} from './application-organization-schema.ts'

export const modifyApplicationOrganization = route({
  method: 'PUT',
  path: '/:app_id/organizations/:org_id',
  permission: 'app_org_all',
  summary: 'Rename or move an organization of an application; absent fields stay as they are',
  params: ApplicationOrganizationIdParams,
  body: ApplicationOrganizationChangesBody,
  answers: [
    200,
    'APP.ORG.0040',
    'APP.0001',
    'APP.ORG.0024',
    'APP.ORG.9002',
    'APP.ORG.9003',
    'APP.ORG.9004',
    'REQUEST.9002',
  ],
  success: ApplicationOrganizationIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    const { name, parent_id: parentId } = body
    const id = { applicationId: params.app_id, organizationId: params.org_id }
    const { organizationId } = await core.modifyApplicationOrganization(caller, id, {
      ...(name === undefined ? {} : { name }),
      ...(parentId === undefined ? {} : { parentId: parentId === '' ? null : parentId }),
    })
    return { body: { org_id: organizationId } }
  },
})
