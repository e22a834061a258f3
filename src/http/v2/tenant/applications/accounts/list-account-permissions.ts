import { Type } from 'typebox'
import { lenient } from '../../../../lenient.ts'
import { route } from '../../../../route.ts'
import { pageFields } from '../../read-page.ts'
import { ApplicationIdParams, readPlainPage } from '../application-schema.ts'
import { Permissions, presentRolePermissions } from './account-permissions.ts'

export const listAccountPermissions = route({
  method: 'GET',
  path: '/:app_id/accounts/permissions/page',
  permission: 'account_read',
  summary: 'List what the accounts of an application are permitted, a page of accounts at a time',
  params: ApplicationIdParams,
  query: Type.Object({
    offset: pageFields.offset,
    limit: Type.Optional(
      lenient(Type.Integer({ minimum: 1, maximum: 50, description: 'Size of a page', examples: [10] }), {
        isRequired: true,
      }),
    ),
  }),
  answers: [200, 'OAP.PAGE.0002', 'OAP.PAGE.0003', 'APP.0001'],
  success: Type.Object(
    {
      number: Type.Integer({ description: 'Index of the page' }),
      total: Type.Integer(),
      size: Type.Integer({ description: 'Size of the page, as it was asked for' }),
      list: Type.Array(
        Type.Object(
          { accountId: Type.String(), roles: Permissions, funcPerms: Permissions },
          { additionalProperties: false },
        ),
      ),
    },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, params, query }) => {
    const page = readPlainPage(query)
    const { total, accounts } = await core.listRolesOfAccounts(caller, {
      ...page,
      applicationId: params.app_id,
    })
    const list = accounts.map(({ accountId, roles }) => ({
      accountId,
      roles: presentRolePermissions(roles),
      funcPerms: [],
    }))
    return { body: { number: page.pageIndex, total, size: page.pageSize, list } }
  },
})
