import { prefixed } from '../../../route.ts'
import { refreshSession } from './refresh-session.ts'
import { ssoTicket } from './sso-ticket.ts'
import { verifyTicket } from './verify-ticket.ts'

export const ssoRoutes = prefixed('/sso', [ssoTicket, verifyTicket, refreshSession])
