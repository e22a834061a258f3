import { route } from '../../../../route.ts'
import { AccountIdAnswer, AccountIdParams } from './account-schema.ts'

export const enableAccount = route({
  method: 'PUT',
  path: '/:app_id/accounts/:account_id/enable',
  permission: 'account_all',
  summary: 'Enable an account of an application',
  params: AccountIdParams,
  answers: [200, 'APP.0001', 'APP.ACCOUNT.0028'],
  success: AccountIdAnswer,
  handle: async ({ core, caller, params }) => {
    const id = { applicationId: params.app_id, accountId: params.account_id }
    const { accountId } = await core.modifyAccount(caller, id, { disabled: false })
    return { body: { account_id: accountId } }
  },
})
