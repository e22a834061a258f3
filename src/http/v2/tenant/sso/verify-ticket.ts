import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import { device, Ticket } from './sso-schema.ts'

// camelCase, and a code though it succeeded: as the contract's clients read it
const UserOfTicket = Type.Object(
  {
    code: Type.Literal('200'),
    message: Type.Literal('success'),
    data: Type.Object({
      user: Type.Object(
        {
          id: Type.String(),
          userName: Type.String(),
          name: Type.String(),
          mobile: Type.Optional(Type.String()),
          email: Type.Optional(Type.String()),
        },
        { additionalProperties: false },
      ),
    }),
  },
  { additionalProperties: false },
)

export const verifyTicket = route({
  method: 'POST',
  path: '/sso-ticket/verify',
  permission: 'user_read',
  summary: 'Exchange a ticket for the user whose session it stands for',
  body: Type.Object({ sso_ticket: Ticket, ...device }),
  answers: [200, 'REQUEST.9002', 'SDK.COMMON.1005'],
  success: UserOfTicket,
  handle: async ({ core, caller, body }) => {
    const { id, userName, name, mobile, email } = await core.redeemSessionTicket(
      caller,
      new Secret(body.sso_ticket),
    )
    const contacts = {
      ...(mobile === undefined ? {} : { mobile }),
      ...(email === undefined ? {} : { email }),
    }
    const user = { id, userName, name, ...contacts }
    return { body: { code: '200', message: 'success', data: { user } } as const }
  },
})
