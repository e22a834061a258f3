import type { Tenant } from '../tenants/tenant.ts'

/** Signs and checks the tenant's RS256 JWTs; keys are made on first need and stored sealed. */
export interface IdTokenSigner {
  /** Adds `iss`, `iat`, `nbf`, `exp` and `jti` (given or new) to `claims`. */
  sign(tenant: Tenant, claims: Readonly<Record<string, unknown>>, lifetimeSeconds: number): Promise<string>
  /** Claims of a JWT of this tenant that is in time; undefined for anything else. */
  verify(tenant: Tenant, token: string): Promise<Readonly<Record<string, unknown>> | undefined>
  publicKeys(tenantId: string): Promise<{ readonly keys: readonly Record<string, unknown>[] }>
}
