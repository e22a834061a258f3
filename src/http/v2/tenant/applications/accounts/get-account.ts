import { route } from '../../../../route.ts'
import { AccountIdParams, AccountRecord } from './account-schema.ts'
import { presentAccount } from './present-account.ts'

export const getAccount = route({
  method: 'GET',
  path: '/:app_id/accounts/:account_id',
  permission: 'account_read',
  summary: 'Get an account of an application',
  params: AccountIdParams,
  answers: [200, 'APP.0001', 'APP.ACCOUNT.0028'],
  success: AccountRecord,
  handle: async ({ core, caller, params }) => {
    const id = { applicationId: params.app_id, accountId: params.account_id }
    return { body: presentAccount(await core.findAccount(caller, id)) }
  },
})
