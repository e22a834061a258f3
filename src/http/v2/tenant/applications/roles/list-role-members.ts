import { Type } from 'typebox'
import { route } from '../../../../route.ts'
import { AccountRecord } from '../accounts/account-schema.ts'
import { presentAccount } from '../accounts/present-account.ts'
import { PageQuery, readPlainPage } from '../application-schema.ts'
import { RoleIdParams } from './role-schema.ts'

export const listRoleMembers = route({
  method: 'GET',
  path: '/:app_id/role-member-list/:role_id',
  permission: 'account_read',
  summary: 'List accounts that have a role, a page at a time',
  params: RoleIdParams,
  query: PageQuery,
  answers: [200, 'OAP.PAGE.0002', 'OAP.PAGE.0003', 'APP.0001', 'APP.ROLE.9001'],
  success: Type.Object(
    {
      total: Type.Integer(),
      offset: Type.Integer(),
      limit: Type.Integer(),
      role_members: Type.Array(AccountRecord),
    },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, params, query }) => {
    const page = readPlainPage(query)
    const { total, accounts } = await core.listRoleMembers(caller, {
      ...page,
      applicationId: params.app_id,
      roleId: params.role_id,
    })
    const members = accounts.map(presentAccount)
    return { body: { total, offset: page.pageIndex, limit: page.pageSize, role_members: members } }
  },
})
