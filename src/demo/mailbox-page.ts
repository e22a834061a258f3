import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../errors/api-error.ts'
import type { Mailbox } from '../messaging/gateways/mailbox.ts'
import { MAILBOX_PATH } from './demo-commands.ts'
import { mailboxPolicy, renderMailbox } from './render-mailbox.ts'

// a page elsewhere could point a name of its own at this machine and read the passwords
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i

/** Serves the mailbox. `commands` are shown while there are no messages. */
export function serveMailboxPage(
  server: FastifyInstance,
  mailbox: Pick<Mailbox, 'list'>,
  commands: () => string,
): void {
  server.get(MAILBOX_PATH, (request, reply) => {
    requireLoopbackHost(request)
    reply.header('X-Frame-Options', 'SAMEORIGIN')
    reply.header('Content-Security-Policy', mailboxPolicy)
    reply.header('Content-Type', 'text/html; charset=utf-8')
    return reply.send(renderMailbox(mailbox.list(), commands()))
  })
}

/** @throws ApiError REQUEST.9009 */
export function requireLoopbackHost({ headers }: FastifyRequest): void {
  if (!LOOPBACK_HOST.test(headers.host ?? '')) {
    throw new ApiError('REQUEST.9009')
  }
}
