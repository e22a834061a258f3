/**
 * On every answer, also on those that are written to a socket before there is a request. An API answer is
 * never a page: nothing may be loaded, framed or guessed from it, and nothing keeps it.
 */
export const securityHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const

/** Only on answers to https requests: said over http it means nothing (RFC 6797, 7.2). */
export const strictTransportSecurity = 'max-age=31536000; includeSubDomains'
