import { Type } from 'typebox'
import { route } from '../../../../route.ts'
import { ApplicationIdParams, PageQuery, readPlainPage } from '../application-schema.ts'
import { AccountRecord } from './account-schema.ts'
import { presentAccount } from './present-account.ts'

export const listAccounts = route({
  method: 'GET',
  path: '/:app_id/accounts',
  permission: 'account_read',
  summary: 'List accounts of an application, a page at a time',
  params: ApplicationIdParams,
  query: Type.Object({
    account_type: Type.Optional(
      Type.Unknown({
        description: 'BASIC_ACCOUNT, PUBLIC_ACCOUNT or ORPHAN_ACCOUNT; absent or empty: all of them',
      }),
    ),
    ...PageQuery.properties,
  }),
  answers: [200, 'OAP.PAGE.0002', 'OAP.PAGE.0003', 'APP.ACCOUNT.0045', 'APP.0001'],
  success: Type.Object(
    { total: Type.Integer(), accounts: Type.Array(AccountRecord) },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, params, query }) => {
    const { total, accounts } = await core.listAccounts(caller, {
      ...readPlainPage(query),
      applicationId: params.app_id,
      type: query.account_type,
    })
    return { body: { total, accounts: accounts.map(presentAccount) } }
  },
})
