import { Type } from 'typebox'
import { route } from '../../../route.ts'
import { UserIdAnswer, UserIdParams } from './user-schema.ts'

// missing, empty, twice or unknown are all MSG.0004, which the reset itself says: the schema lets anything
// through
const SendModeQuery = Type.Object({
  send_mode: Type.Optional(Type.Unknown({ description: 'Required. EMAIL or SMS, exactly' })),
})

export const restPassword = route({
  method: 'PUT',
  path: '/:user_id/rest-password', // sic: the contract's spelling
  aliases: ['/:user_id/reset-password'],
  permission: 'user_all',
  summary: 'Make a new password and deliver it by mail or SMS',
  params: UserIdParams,
  query: SendModeQuery,
  takesBrokenQuery: true,
  answers: [
    200,
    'MSG.0004',
    'USER.0001',
    'USER.9001',
    'USER.0011',
    'USER.0012',
    'MSG.9001',
    'MSG.9002',
    'MSG.0001',
    'REQUEST.9011',
    'REQUEST.9012',
  ],
  success: UserIdAnswer,
  successHeaders: { 'X-Reset-Id': 'Id of the reset, for support and audit' },
  handle: async ({ core, caller, params, query }) => {
    const { tenant, application, requestId } = caller
    const { userId, resetId } = await core.resetPassword({
      tenant,
      applicationId: application.id,
      requestId,
      userId: params.user_id,
      sendMode: query.send_mode,
    })
    return { headers: { 'X-Reset-Id': resetId }, body: { user_id: userId } }
  },
})
