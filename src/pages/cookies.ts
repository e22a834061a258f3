import { parseCookie, stringifySetCookie } from 'cookie'
import type { PageRequest } from '../http/page.ts'

/**
 * session: who is signed in · state: who is about to be · form: of the browser, so that forms come from our own pages ·
 * recovery: whom a forgotten password is of, as typed · language
 */
export type CookieName = 'session' | 'state' | 'form' | 'recovery' | 'language'

type Sent = Pick<PageRequest, 'headers' | 'isHttps'>

/** Undefined: the browser sent none, or an empty one. */
export function readCookie({ headers, isHttps }: Sent, name: CookieName): string | undefined {
  const { cookie } = headers
  const value = typeof cookie === 'string' ? parseCookie(cookie)[wireName(name, isHttps)] : undefined
  return value === '' ? undefined : value
}

/**
 * A cookie that no script can read and that other sites' forms do not send (OWASP ASVS 5.0, 3.3.1 to 3.3.4).
 * @param lifetimeSeconds undefined: until the browser is closed
 */
export function setCookie(
  { isHttps }: Pick<Sent, 'isHttps'>,
  name: CookieName,
  value: string,
  lifetimeSeconds?: number,
): string {
  return stringifySetCookie({
    name: wireName(name, isHttps),
    value,
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isHttps,
    ...(lifetimeSeconds === undefined ? {} : { maxAge: lifetimeSeconds }),
  })
}

export function dropCookie(sent: Pick<Sent, 'isHttps'>, name: CookieName): string {
  return setCookie(sent, name, '', 0)
}

/** `__Host-` binds it to this host and to https; over http, which only this machine itself may use, there is no such thing. */
function wireName(name: CookieName, isHttps: boolean): string {
  return isHttps ? `__Host-rekey-${name}` : `rekey-${name}`
}
