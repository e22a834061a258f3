import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'

/** Stands for a session for a moment, once, towards one application. */
export interface SessionTicket {
  readonly tenantId: string
  /** SHA-256, hex. */
  readonly ticketDigest: string
  readonly sessionId: string
  /** Who may exchange it. */
  readonly applicationId: string
  readonly expiresAt: number
}

export interface SessionTicketRepository {
  insert(ticket: SessionTicket): Promise<void>
  /** Removes it, so that it is good once; undefined: there is none, or for another application. Tickets end with their session. */
  take(tenantId: string, ticketDigest: string, applicationId: string): Promise<SessionTicket | undefined>
  deleteExpiredOfAllTenants(now: number, limit: number): Promise<number>
}

export function createSessionTicketRepository(context: StoreContext): SessionTicketRepository {
  const { db } = context
  return {
    async insert(ticket) {
      await db
        .insertInto('session_tickets')
        .values({
          tenant_id: ticket.tenantId,
          ticket_digest: ticket.ticketDigest,
          session_id: ticket.sessionId,
          application_id: ticket.applicationId,
          expires_at: ticket.expiresAt,
        })
        .execute()
    },

    async take(tenantId, ticketDigest, applicationId) {
      const row = await db
        .deleteFrom('session_tickets')
        .where('tenant_id', '=', tenantId)
        .where('ticket_digest', '=', ticketDigest)
        .where('application_id', '=', applicationId)
        .returningAll()
        .executeTakeFirst()
      return (
        row && {
          tenantId: row.tenant_id,
          ticketDigest: row.ticket_digest,
          sessionId: row.session_id,
          applicationId: row.application_id,
          expiresAt: row.expires_at,
        }
      )
    },

    deleteExpiredOfAllTenants: (now, limit) =>
      deleteOldest(context, {
        table: 'session_tickets',
        key: ['tenant_id', 'ticket_digest'],
        column: 'expires_at',
        before: now,
        limit,
      }),
  }
}
