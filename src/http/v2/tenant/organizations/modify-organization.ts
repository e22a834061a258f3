import { route } from '../../../route.ts'
import {
  OrganizationChangesBody,
  OrganizationIdAnswer,
  OrganizationIdParams,
  readChanges,
} from './organization-schema.ts'

export const modifyOrganization = route({
  method: 'PUT',
  path: '/:org_id',
  permission: 'org_all',
  summary: 'Change or move an organization; absent fields stay as they are',
  params: OrganizationIdParams,
  body: OrganizationChangesBody,
  answers: [
    200,
    'ORG.0001',
    'ORG.0008',
    'ORG.0011',
    'ORG.9001',
    'ORG.9002',
    'ORG.9003',
    'ORG.9004',
    'ORG.9005',
    'ORG.9006',
    'ORG.9007',
    'ORG.9008',
    'REQUEST.9002',
  ],
  success: OrganizationIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    const { organizationId } = await core.modifyOrganization(caller, params.org_id, readChanges(body))
    return { body: { org_id: organizationId } }
  },
})
