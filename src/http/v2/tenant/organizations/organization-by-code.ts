import { Type } from 'typebox'
import { route } from '../../../route.ts'
import { OrganizationRecord } from './organization-schema.ts'
import { presentOrganization } from './present-organization.ts'

export const organizationByCode = route({
  method: 'GET',
  path: '/org-codes/:org_code',
  permission: 'org_read',
  summary: 'Get an organization by code, whatever the case of its letters',
  params: Type.Object({ org_code: Type.String({ description: 'Code of the organization' }) }),
  answers: [200, 'ORG.0001'],
  success: OrganizationRecord,
  handle: async ({ core, caller, params }) => {
    const organization = await core.findOrganizationByCode(caller, params.org_code)
    return { body: presentOrganization(organization, caller.tenant.timeZone) }
  },
})
