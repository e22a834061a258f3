import { Type } from 'typebox'
import { lenient } from '../../../../lenient.ts'
import { route } from '../../../../route.ts'
import { ApplicationIdParams, PageQuery, readPlainPage } from '../application-schema.ts'
import { presentRole, RoleRecord } from './role-schema.ts'

export const listRoles = route({
  method: 'GET',
  path: '/:app_id/role-list',
  permission: 'account_read',
  summary: 'List roles of an application, a page at a time; without offset the first one',
  params: ApplicationIdParams,
  query: Type.Object({
    ...PageQuery.properties,
    offset: Type.Optional(
      lenient(
        Type.Integer({ minimum: 0, description: 'Index of the page, from 0; 0 if absent', examples: [0] }),
      ),
    ),
  }),
  answers: [200, 'OAP.PAGE.0002', 'OAP.PAGE.0003', 'APP.0001'],
  success: Type.Object(
    {
      total: Type.Integer(),
      offset: Type.Integer(),
      limit: Type.Integer(),
      roles: Type.Array(RoleRecord),
    },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, params, query }) => {
    const page = readPlainPage({ ...query, offset: query.offset ?? '0' })
    const { total, roles } = await core.listRoles(caller, { ...page, applicationId: params.app_id })
    const records = roles.map((role) => presentRole(role, caller.tenant.timeZone))
    return { body: { total, offset: page.pageIndex, limit: page.pageSize, roles: records } }
  },
})
