import { Type } from 'typebox'
import { ApiError } from '../../../../errors/api-error.ts'
import { lenient, words } from '../../../lenient.ts'
import { route } from '../../../route.ts'
import { UserIdAnswer, UserIdParams } from './user-schema.ts'

// missing, empty, twice or unknown are all MSG.0004, which the reset itself says: the schema lets anything
// through
const ModesQuery = Type.Object({
  send_mode: Type.Optional(lenient(words(['EMAIL', 'SMS'], 'How it is delivered'), { isRequired: true })),
  old_password: Type.Optional(
    lenient(
      words(
        ['keep-until-used', 'keep-until-accepted', 'revoke-now'],
        'Until when the old password works, in rising strictness; by default as the tenant’s setting, and never laxer. With `revoke-now` it is void from the call on, also when MSG.0001 says that the new one was not delivered (X-Error-Detail `revoked_undelivered`) or that nobody knows (`revoked_unknown`)',
      ),
    ),
  ),
})

const IDEMPOTENCY_KEY_LENGTH_MAX = 255

const IdempotencyHeaders = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: IDEMPOTENCY_KEY_LENGTH_MAX,
      description:
        'Chosen by the caller: for 24 h a repeat is answered like the first call, and sends nothing',
    }),
  ),
})

export const restPassword = route({
  method: 'PUT',
  path: '/:user_id/rest-password', // sic: the contract's spelling
  aliases: ['/:user_id/reset-password'],
  permission: 'user_reset',
  summary: 'Make a new password and deliver it by mail or SMS',
  params: UserIdParams,
  query: ModesQuery,
  takesBrokenQuery: true,
  headers: IdempotencyHeaders,
  answers: [
    200,
    'MSG.0004',
    'USER.0001',
    'USER.9001',
    'USER.9006',
    'USER.0011',
    'USER.0012',
    'PWD.0005',
    'MSG.9001',
    'MSG.9002',
    'MSG.9003',
    'MSG.0001',
    'REQUEST.9011',
    'REQUEST.9012',
  ],
  success: UserIdAnswer,
  successHeaders: {
    'X-Reset-Id': 'Id of the reset, for support and audit',
    'Idempotent-Replayed': '`true`: the answer to an earlier call with the same Idempotency-Key',
  },
  handle: async ({ core, caller, request, params, query }) => {
    const { tenant, application, requestId } = caller
    const { userId, resetId, isReplayed } = await core.resetPassword({
      tenant,
      applicationId: application.id,
      requestId,
      userId: params.user_id,
      sendMode: query.send_mode,
      oldPassword: query.old_password,
      idempotencyKey: readIdempotencyKey(request.headers['idempotency-key']),
    })
    const replayed = isReplayed === true ? { 'Idempotent-Replayed': 'true' } : undefined
    return { headers: { 'X-Reset-Id': resetId, ...replayed }, body: { user_id: userId } }
  },
})

/** @throws ApiError REQUEST.9001 empty, or too long to be a key */
function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  const key = Array.isArray(header) ? header.join() : header
  if (key !== undefined && (key.length === 0 || key.length > IDEMPOTENCY_KEY_LENGTH_MAX)) {
    throw new ApiError('REQUEST.9001', { detail: 'header' })
  }
  return key
}
