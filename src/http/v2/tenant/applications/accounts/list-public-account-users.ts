import { Type } from 'typebox'
import { route } from '../../../../route.ts'
import { PageQuery, readPlainPage } from '../application-schema.ts'
import { AccountIdParams } from './account-schema.ts'

export const listPublicAccountUsers = route({
  method: 'GET',
  path: '/:app_id/accounts/public-account/:account_id/users',
  permission: 'account_read',
  summary: 'List who uses a public account, a page at a time',
  params: AccountIdParams,
  query: PageQuery,
  answers: [200, 'OAP.PAGE.0002', 'OAP.PAGE.0003', 'APP.0001', 'APP.ACCOUNT.0038'],
  success: Type.Object(
    {
      total: Type.Integer(),
      associated_users: Type.Array(
        Type.Object(
          // sic: the contract writes these in camel case
          { id: Type.String(), userName: Type.String(), disabled: Type.Boolean() },
          { additionalProperties: false },
        ),
      ),
    },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, params, query }) => {
    const { total, users } = await core.listUsersOfPublicAccount(caller, {
      ...readPlainPage(query),
      applicationId: params.app_id,
      accountId: params.account_id,
    })
    return { body: { total, associated_users: users.map((user) => ({ ...user })) } }
  },
})
