import { Type } from 'typebox'
import { Secret } from '../../../core/secret.ts'
import { ApiError } from '../../../errors/api-error.ts'
import type { ErrorCode } from '../../../errors/catalogue.ts'
import { passwordCodes } from '../../password-codes.ts'
import { bearerToken } from '../../plugins/authenticate.ts'
import type { RequestContext } from '../../route.ts'

// longer ones are nobody's: every stored name, address and number is shorter
const LOGIN_NAME_LENGTH_MAX = 256
// bounds the work of one hash; no policy allows more
const PASSWORD_LENGTH_MAX = 1_024

const device = {
  'X-client-id': Type.String({ description: 'Client id of the application; no secret' }),
  'X-operating-sys-version': Type.String({ examples: ['windows10.1.1'] }),
  'X-device-fingerprint': Type.String(),
  'X-agent': Type.String({ description: 'A User-Agent' }),
  'X-L': Type.Optional(Type.String({ description: 'Language of error texts: en or zh' })),
}

export const DeviceHeaders = Type.Object(device)

export const StateTokenHeaders = Type.Object({
  ...device,
  'X-state-token': Type.String({ description: 'state_token of the sign-in' }),
})

export const IdTokenHeaders = Type.Object({
  ...device,
  Authorization: Type.String({ description: 'Bearer and the id_token of the sign-in' }),
})

export const LoginName = Type.String({
  maxLength: LOGIN_NAME_LENGTH_MAX,
  description: 'User name, e-mail address or mobile number',
})

export const Password = Type.String({ maxLength: PASSWORD_LENGTH_MAX })

/** One that is to be set, as examples have it. */
export const NewPassword = Type.String({
  maxLength: PASSWORD_LENGTH_MAX,
  examples: ['An0ther-Passphrase'],
})

/** The one that is in force, as examples have it. */
export const PresentPassword = Type.String({
  maxLength: PASSWORD_LENGTH_MAX,
  examples: ['My-0wn-Passphrase'],
})

export const Mobile = Type.String({
  maxLength: LOGIN_NAME_LENGTH_MAX,
  description: 'Mobile number; bare mainland numbers are taken as +86',
})

export const Email = Type.String({ maxLength: LOGIN_NAME_LENGTH_MAX })

export const VerifyCode = Type.String({
  maxLength: 32,
  description: 'Six digits, good for 10 minutes, five tries and one use',
})

export const CaptchaToken = Type.String({
  maxLength: 8_192,
  description: 'The solved challenge of /api/v2/sdk/captcha, good once',
})

/** What may be wrong with a new password. */
export const newPasswordCodes = [
  ...passwordCodes,
  'PWD.9002',
  'PWD.9003',
] as const satisfies readonly ErrorCode[]

export const SignedInAnswer = Type.Object(
  {
    status: Type.Literal('SUCCESS'),
    session_token: Type.String(),
    expire: Type.Integer({ description: 'Lifetime of the session in seconds' }),
    id_token: Type.String({ description: 'RS256 JWT; its claim api is JSON in a string' }),
  },
  { additionalProperties: false, title: 'SignedIn' },
)

/**
 * Texts that have to say something; white space does not, except in passwords.
 * @throws ApiError SDK.COMMON.1001 with the first that is blank
 */
export function requireFilled(texts: Readonly<Record<string, string>>): void {
  const isBlank = (name: string, text: string) => (name.includes('password') ? text : text.trim()) === ''
  const blank = Object.entries(texts).find(([name, text]) => isBlank(name, text))
  if (blank !== undefined) throw new ApiError('SDK.COMMON.1001', { params: [blank[0]], detail: blank[0] })
}

/** @throws ApiError SDK.COMMON.1001 there is none */
export function stateTokenOf(request: RequestContext): Secret {
  const header = request.headers['x-state-token']
  const stateToken = typeof header === 'string' ? header.trim() : ''
  requireFilled({ 'X-state-token': stateToken })
  return new Secret(stateToken)
}

/** @throws ApiError invalid_token there is none, or it is none */
export function idTokenOf(request: RequestContext): Secret {
  const { authorization } = request.headers
  return new Secret(bearerToken(typeof authorization === 'string' ? authorization : undefined))
}
