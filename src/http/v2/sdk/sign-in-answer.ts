import { Type } from 'typebox'
import { SignedInAnswer } from './sdk-schema.ts'

/** Every way in which a sign-in goes on; all are 200 (contract, section 4.3). */
export const SignInAnswer = Type.Union([
  SignedInAnswer,
  Type.Object(
    {
      status: Type.Literal('PASSWORD_EXPIRED'),
      state_token: Type.String({ description: 'Good for /api/v2/sdk/pwd/update, for 15 minutes' }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      status: Type.Literal('PASSWORD_WARN'),
      state_token: Type.String({
        description:
          'Good for /api/v2/sdk/pwd/update or once for /api/v2/sdk/pwd/skip-update, for 15 minutes',
      }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      status: Type.Literal('MFA_AUTH'),
      state_token: Type.String({
        description: 'Good for /api/v2/sdk/mfa/sms or /api/v2/sdk/mfa/email, for 15 minutes',
      }),
    },
    { additionalProperties: false },
  ),
  Type.Object({ status: Type.Literal('ACCESS_DENIED') }, { additionalProperties: false }),
])
