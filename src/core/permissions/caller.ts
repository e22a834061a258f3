import type { Application } from '../applications/application.ts'
import type { Tenant } from '../tenants/tenant.ts'

/** An application whose access token was accepted for this request. */
export interface Caller {
  readonly tenant: Tenant
  readonly application: Application
  readonly requestId: string
}
