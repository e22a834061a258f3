import { route } from '../../../route.ts'
import { NewOrganizationBody, OrganizationIdAnswer, readChanges } from './organization-schema.ts'

export const createOrganization = route({
  method: 'POST',
  path: '',
  permission: 'org_all',
  summary: 'Create an organization',
  body: NewOrganizationBody,
  answers: [
    201,
    'ORG.0008',
    'ORG.0011',
    'ORG.9001',
    'ORG.9002',
    'ORG.9003',
    'ORG.9004',
    'ORG.9006',
    'ORG.9007',
    'ORG.9008',
    'REQUEST.9002',
  ],
  success: OrganizationIdAnswer,
  handle: async ({ core, caller, body }) => {
    const organization = { ...readChanges(body), code: body.code, name: body.name }
    const { organizationId } = await core.createOrganization(caller, organization)
    return { body: { org_id: organizationId } }
  },
})
