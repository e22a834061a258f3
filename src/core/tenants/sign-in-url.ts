import type { Tenant } from './tenant.ts'

/**
 * Where employees sign in: the configured public address, or else the tenant's first domain; never anything that a
 * request says. Undefined: neither is known.
 */
export function signInUrlOf(
  tenant: Pick<Tenant, 'domains'>,
  publicUrl: string | undefined,
): string | undefined {
  const [domain] = tenant.domains
  return publicUrl ?? (domain === undefined ? undefined : `https://${domain}`)
}
