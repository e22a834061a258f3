import type { IncomingMessage } from 'node:http'

/**
 * The path and query of a request line. Of the absolute form its host counts instead of the `Host` header
 * (RFC 9112, 3.2.2).
 */
export function pathOfTarget(request: Pick<IncomingMessage, 'url' | 'headers'>): string {
  const target = request.url ?? '/'
  if (target.startsWith('/')) return target
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target)
  // `*` and what is no target at all: nothing is there
  if (absolute === null) return '/*'
  const [, authority = '', path = ''] = absolute
  request.headers.host = authority
  return path.startsWith('/') ? path : `/${path}`
}
