import { Type } from 'typebox'
import { route } from '../../../route.ts'
import { pageFields, readPage } from '../read-page.ts'
import { OrganizationRecord } from './organization-schema.ts'
import { presentOrganization } from './present-organization.ts'

const ListQuery = Type.Object({
  org_id: Type.Optional(Type.String({ description: 'Only what stands below it; empty: the whole tenant' })),
  all_child: Type.Optional(
    Type.String({
      // clients write booleans in the case of their language
      pattern: '^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])?$',
      description:
        'true: every level; false or empty: the direct level, without org_id the roots. With ' +
        'updated_at_greater the newest change comes first, else parents come before what is below them',
    }),
  ),
  ...pageFields,
})

export const listOrganizations = route({
  method: 'GET',
  path: '',
  permission: 'org_read',
  summary: 'List organizations, a page at a time',
  query: ListQuery,
  answers: [200, 'OAP.PAGE.0002', 'OAP.PAGE.0003', 'REQUEST.9002'],
  success: Type.Object(
    { total: Type.Integer(), organizations: Type.Array(OrganizationRecord) },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, query }) => {
    const { timeZone } = caller.tenant
    const { org_id: belowId, all_child: allChild } = query
    const { total, organizations } = await core.listOrganizations(caller, {
      ...readPage(query, timeZone),
      levels: allChild?.toLowerCase() === 'true' ? 'all' : 'one',
      ...(belowId ? { belowId } : {}),
    })
    return {
      body: { total, organizations: organizations.map((each) => presentOrganization(each, timeZone)) },
    }
  },
})
