import { route } from '../../../../route.ts'
import { AccountChangesBody, AccountIdAnswer, AccountIdParams, readAccount } from './account-schema.ts'

export const modifyAccount = route({
  method: 'PUT',
  path: '/:app_id/accounts/:account_id',
  permission: 'account_all',
  summary: 'Change an account of an application; absent fields stay as they are',
  params: AccountIdParams,
  body: AccountChangesBody,
  answers: [
    200, // the vendor's sample prints 201, OneAccess 200 as everywhere else
    'APP.0001',
    'APP.ACCOUNT.0028',
    'APP.ORG.0024',
    'APP.ACC.0013',
    'APP.ACCOUNT.9001',
    'APP.ACCOUNT.9002',
    'REQUEST.9002',
  ],
  success: AccountIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    const id = { applicationId: params.app_id, accountId: params.account_id }
    const { accountId } = await core.modifyAccount(caller, id, readAccount(body))
    return { body: { account_id: accountId } }
  },
})
