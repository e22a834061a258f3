import { Type } from 'typebox'
import { route } from '../../../../route.ts'
import { ApplicationIdParams, PageQuery, readPlainPage } from '../application-schema.ts'
import {
  ApplicationOrganizationRecord,
  presentApplicationOrganization,
} from './application-organization-schema.ts'

export const listApplicationOrganizations = route({
  method: 'GET',
  path: '/:app_id/organizations',
  permission: 'app_org_read',
  summary: 'List organizations of an application, a page at a time',
  params: ApplicationIdParams,
  query: PageQuery,
  answers: [200, 'OAP.PAGE.0002', 'OAP.PAGE.0003', 'APP.0001'],
  success: Type.Object(
    { total: Type.Integer(), organizations: Type.Array(ApplicationOrganizationRecord) },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, params, query }) => {
    const page = { ...readPlainPage(query), applicationId: params.app_id }
    const { total, organizations } = await core.listApplicationOrganizations(caller, page)
    return { body: { total, organizations: organizations.map(presentApplicationOrganization) } }
  },
})
