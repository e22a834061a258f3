import { route } from '../../../../route.ts'
import { AccountIdAnswer, AccountIdParams, UserNamesBody } from './account-schema.ts'

export const unbindPublicAccountUsers = route({
  method: 'POST',
  path: '/:app_id/accounts/public-account/:account_id/users/unbind',
  permission: 'account_all',
  summary: 'Take a public account from users: from all of them, or none',
  params: AccountIdParams,
  body: UserNamesBody,
  answers: [200, 'APP.0001', 'APP.ACCOUNT.0038', 'USER.0001', 'REQUEST.9002'],
  success: AccountIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    const id = { applicationId: params.app_id, accountId: params.account_id }
    const { accountId } = await core.removeUsersFromPublicAccount(caller, id, body.user_names)
    return { body: { account_id: accountId } }
  },
})
