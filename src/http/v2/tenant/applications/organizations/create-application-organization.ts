import { route } from '../../../../route.ts'
import { ApplicationIdParams } from '../application-schema.ts'
import {
  ApplicationOrganizationIdAnswer,
  NewApplicationOrganizationBody,
} from './application-organization-schema.ts'

export const createApplicationOrganization = route({
  method: 'POST',
  path: '/:app_id/organizations',
  permission: 'app_org_all',
  summary: 'Create an organization of an application',
  params: ApplicationIdParams,
  body: NewApplicationOrganizationBody,
  answers: [
    201,
    'APP.ORG.0040',
    'APP.0001',
    'APP.OBJECTMODEL.0005',
    'APP.0009',
    'APP.ORG.9001',
    'APP.ORG.9002',
    'APP.ORG.9004',
    'REQUEST.9002',
  ],
  success: ApplicationOrganizationIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    const { organizationId } = await core.createApplicationOrganization(caller, params.app_id, {
      code: body.org_code,
      name: body.name,
      parentId: body.parent_id || undefined,
    })
    return { body: { org_id: organizationId } }
  },
})
