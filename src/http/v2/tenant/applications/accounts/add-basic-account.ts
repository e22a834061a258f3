import { route } from '../../../../route.ts'
import { ApplicationIdParams } from '../application-schema.ts'
import { AccountIdAnswer, NewBasicAccountBody, readAccount } from './account-schema.ts'

export const addBasicAccount = route({
  method: 'POST',
  path: '/:app_id/accounts/basic-account',
  permission: 'account_all',
  summary: 'Give a user an account in an application',
  params: ApplicationIdParams,
  body: NewBasicAccountBody,
  answers: [
    201,
    'APP.0001',
    'USER.0001',
    'APP.ORG.0024',
    'APP.ACC.0013',
    'APP.ACC.0029',
    'APP.ACCOUNT.9001',
    'APP.ACCOUNT.9002',
    'REQUEST.9002',
  ],
  success: AccountIdAnswer,
  handle: async ({ core, caller, params, body }) => {
    // an empty name means the user's (contract, section 2.3)
    const account = readAccount({ ...body, account_name: body.account_name || null })
    const owner = { applicationId: params.app_id, userId: body.user_id }
    const { accountId } = await core.createBasicAccount(caller, owner, account)
    return { body: { account_id: accountId } }
  },
})
