import { Type } from 'typebox'
import { ApiError } from '../../../errors/api-error.ts'

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

/** The one that is in force, as examples have it. */
export const PresentPassword = Type.String({
  maxLength: PASSWORD_LENGTH_MAX,
  examples: ['My-0wn-Passphrase'],
})

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
