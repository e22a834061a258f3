import type { Secret } from '../secret.ts'
import type { Tenant } from './tenant.ts'

type Domains = Pick<Tenant, 'domains'>

/**
 * The page where employees sign in: at the configured public address where the tenant answers there, or else at the
 * tenant's first domain; never at anything that a request says. Undefined: neither is known, messages do without links.
 */
export function signInUrlOf(tenant: Domains, publicUrl: string | undefined): string | undefined {
  const origin = originOf(tenant, publicUrl)
  return origin && `${origin}/sign-in`
}

/** The page that asks whether it was them; opening it changes nothing. The token is that of `core/reset/not-me-token.ts`. */
export function notMeUrlOf(
  tenant: Domains,
  publicUrl: string | undefined,
  token: Secret,
): string | undefined {
  const origin = originOf(tenant, publicUrl)
  return origin && `${origin}/not-me/${token.reveal()}`
}

/** The public address is that of one tenant: another one, which answers at domains of its own, is not reached there. */
function originOf({ domains }: Domains, publicUrl: string | undefined): string | undefined {
  const named = domains.filter((domain) => !isLoopback(domain))
  if (publicUrl !== undefined) {
    const host = new URL(publicUrl).hostname
    if (named.length === 0 || named.includes(host) || isLoopback(host)) {
      return publicUrl
    }
  }
  const [domain] = named
  return domain && `https://${domain}`
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || host === '::1' || host === '[::1]'
}
