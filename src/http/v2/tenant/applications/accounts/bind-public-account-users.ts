import { route } from '../../../../route.ts'
import { AccountIdAnswer, AccountIdParams, UserNamesBody } from './account-schema.ts'

export const bindPublicAccountUsers = route({
  method: 'POST',
  path: '/:app_id/accounts/public-account/:account_id/users/bind',
  permission: 'account_all',
  summary: 'Let users use a public account: all of them, or none',
  params: AccountIdParams,
  body: UserNamesBody,
  answers: [200, 'APP.0001', 'APP.ACCOUNT.0038', 'USER.0001', 'REQUEST.9002'],
  success: AccountIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    const id = { applicationId: params.app_id, accountId: params.account_id }
    const { accountId } = await core.addUsersToPublicAccount(caller, id, body.user_names)
    return { body: { account_id: accountId } }
  },
})
