import { Type } from 'typebox'
import type { Core, IssueAccessTokenCall, IssuedAccessToken } from '../../../core/core.ts'
import { ApiError } from '../../../errors/api-error.ts'
import { lenient } from '../../lenient.ts'
import { route } from '../../route.ts'
import { type ClientCredentials, readClientCredentials, readParameter } from './client-credentials.ts'

/**
 * Each may stand in the body or in the URL, and the credentials in `Authorization: Basic` (contract, section
 * 1).
 */
const TokenRequest = Type.Object({
  grant_type: Type.Optional(lenient(Type.Literal('client_credentials'))),
  client_id: Type.Optional(lenient(Type.String())),
  client_secret: Type.Optional(lenient(Type.String())),
})

/** As the reference shows it: with the credentials in `Authorization: Basic`. */
const TokenForm = Type.Object({
  ...TokenRequest.properties,
  grant_type: Type.Optional(
    lenient(Type.Literal('client_credentials', { examples: ['client_credentials'] })),
  ),
})

const TokenAnswer = Type.Object(
  {
    access_token: Type.String(),
    token_type: Type.Literal('bearer'),
    expires_in: Type.Integer({ minimum: 0, description: 'Whole seconds that remain' }),
    scope: Type.Literal('all'),
    id_token: Type.String({ description: 'RS256 JWT with the API permissions of the application' }),
  },
  { additionalProperties: false, title: 'AccessToken' },
)

export const token = route({
  method: 'POST',
  path: '/api/v2/tenant/token',
  aliases: ['/api/oap/oauth/token'], // the contract's old name for it
  permission: 'none',
  oauth: true,
  summary: 'Get an access token for an application',
  query: TokenRequest,
  body: TokenForm,
  answers: [200, 'invalid_client', 'unsupported_grant_type'],
  success: TokenAnswer,
  handle: async ({ core, tenant, request, query, body }) => {
    const { authorization } = request.headers
    const sources = {
      authorization: typeof authorization === 'string' ? authorization : undefined,
      query,
      fields: body,
    }
    const readings = readClientCredentials(sources)
    const grantType = readParameter(sources, 'grant_type')
    const { address, requestId } = request
    const issued = await issueToFirst(core, readings, { tenant, grantType, address, requestId })
    return { headers: { Pragma: 'no-cache' }, body: present(issued) }
  },
})

async function issueToFirst(
  core: Core,
  readings: readonly ClientCredentials[],
  call: Omit<IssueAccessTokenCall, keyof ClientCredentials>,
): Promise<IssuedAccessToken> {
  let refusal: unknown
  for (const credentials of readings) {
    try {
      return await core.issueAccessToken({ ...call, ...credentials })
    } catch (error) {
      const isOther = !(error instanceof ApiError) || error.code !== 'invalid_client'
      // a detail tells whose secret was right: no other reading is meant
      if (isOther || error.detail !== undefined) throw error
      refusal = error
    }
  }
  throw refusal ?? new ApiError('invalid_client')
}

function present(issued: IssuedAccessToken) {
  return {
    access_token: issued.accessToken.reveal(),
    token_type: 'bearer' as const,
    expires_in: issued.expiresInSeconds,
    scope: 'all' as const,
    id_token: issued.idToken.reveal(),
  }
}
