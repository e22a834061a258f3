import { Type } from 'typebox'
import { route } from '../../../route.ts'

export const addAccount = route({
  method: 'POST',
  path: '/:user_id/applications/:app_id/accounts',
  permission: 'user_all',
  summary: 'Authorise a user for an application: give them an account in it',
  params: Type.Object({
    user_id: Type.String({ description: 'Opaque id of the user' }),
    app_id: Type.String({ description: 'Opaque id of the application' }),
  }),
  body: Type.Object({
    account_name: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description: 'Unique in the application; absent or empty: the user name',
      }),
    ),
  }),
  answers: [
    200, // sic: 201 for accounts that are made below the application
    'USER.0001',
    'APP.0001',
    'APP.ACC.0029',
    'APP.ACC.0013',
    'APP.ACCOUNT.9001',
    'REQUEST.9002',
  ],
  success: Type.Object({ account_id: Type.String() }, { additionalProperties: false }),
  handle: async ({ core, caller, params, body }) => {
    const owner = { applicationId: params.app_id, userId: params.user_id }
    const { account_name: accountName } = body
    const { accountId } = await core.createBasicAccount(caller, owner, accountName ? { accountName } : {})
    return { body: { account_id: accountId } }
  },
})
