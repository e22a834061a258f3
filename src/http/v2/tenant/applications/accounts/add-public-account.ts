import { route } from '../../../../route.ts'
import { ApplicationIdParams } from '../application-schema.ts'
import { AccountIdAnswer, NewPublicAccountBody, readAccount } from './account-schema.ts'

export const addPublicAccount = route({
  method: 'POST',
  path: '/:app_id/accounts/public-account',
  permission: 'account_all',
  summary: 'Make an account that several users may use',
  params: ApplicationIdParams,
  body: NewPublicAccountBody,
  answers: [
    201,
    'APP.0001',
    'APP.ORG.0024',
    'APP.ACC.0013',
    'APP.ACCOUNT.9001',
    'APP.ACCOUNT.9002',
    'REQUEST.9002',
  ],
  success: AccountIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    const account = { ...readAccount(body), accountName: body.account_name }
    const { accountId } = await core.createPublicAccount(caller, params.app_id, account)
    return { body: { account_id: accountId } }
  },
})
