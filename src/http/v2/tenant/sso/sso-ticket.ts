import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import { device, SessionToken, Ticket } from './sso-schema.ts'

export const ssoTicket = route({
  method: 'POST',
  path: '/session-token/sso-ticket',
  permission: 'user_read',
  summary: 'Exchange the session_token of a sign-in for a ticket that is good once, for two minutes',
  body: Type.Object({
    session_token: SessionToken,
    client_id: Type.Optional(
      Type.String({ maxLength: 512, description: 'Who may use the ticket; default: the caller' }),
    ),
    ...device,
  }),
  answers: [200, 'REQUEST.9002', 'SDK.COMMON.1005', 'SDK.COMMON.1012'],
  success: Type.Object(
    { sso_ticket: Ticket, expire: Type.Integer({ description: 'Lifetime in seconds' }) },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, body }) => {
    const { ticket, expiresInSeconds } = await core.createSessionTicket(caller, {
      sessionToken: new Secret(body.session_token),
      clientId: body.client_id,
    })
    return { body: { sso_ticket: ticket.reveal(), expire: expiresInSeconds } }
  },
})
