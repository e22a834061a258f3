import { route } from '../../../../route.ts'
import { AccountIdParams } from './account-schema.ts'

export const deleteAccount = route({
  method: 'DELETE',
  path: '/:app_id/accounts/:account_id',
  permission: 'account_all',
  summary: 'Delete an account of an application, of any type',
  params: AccountIdParams,
  answers: [204, 'APP.0001', 'APP.ACCOUNT.0028'],
  handle: async ({ core, caller, params }) => {
    const id = { applicationId: params.app_id, accountId: params.account_id }
    await core.deleteAccount(caller, id)
    return { body: undefined }
  },
})
