import { Type } from 'typebox'
import { route } from '../../../route.ts'
import { AccountRecord } from '../applications/accounts/account-schema.ts'
import { PageQuery, readPlainPage } from '../applications/application-schema.ts'
import { UserIdParams } from './user-schema.ts'

const { account_type, extension, account_name, name, id } = AccountRecord.properties

export const listAccountsOfUser = route({
  method: 'GET',
  path: '/:user_id/accounts',
  permission: 'user_read',
  summary:
    'List accounts of a user, and public ones that the user uses; without offset and limit the first 1,000',
  params: UserIdParams,
  query: PageQuery,
  answers: [200, 'USER.0001', 'OAP.PAGE.0002', 'OAP.PAGE.0003'],
  success: Type.Object(
    {
      total: Type.Integer(),
      accounts: Type.Array(
        Type.Object(
          { account_type, extension, account_name, name, id, application_id: Type.String() },
          { additionalProperties: false },
        ),
      ),
    },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, params, query }) => {
    const isPaged = query.offset !== undefined || query.limit !== undefined
    const page = isPaged ? readPlainPage(query) : undefined
    const { total, accounts } = await core.listAccountsOfUser(caller, params.user_id, page)
    const records = accounts.map((account) => ({
      account_type: account.type,
      extension: { ...account.extension },
      account_name: account.accountName,
      name: account.name ?? null,
      id: account.id,
      application_id: account.applicationId,
    }))
    return { body: { total, accounts: records } }
  },
})
