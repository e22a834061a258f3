import type { Seal } from '../../store/seal.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { PasswordHasher } from '../password/password-hasher.ts'
import type { PasswordJudges } from '../password/password-judges.ts'
import type { RandomBytes } from '../randomness.ts'
import type { SendMode, Tenant } from '../tenants/tenant.ts'
import type { TenantFileRules } from './parsed-tenant.ts'

/** Everything `apply` works with. */
export interface ApplyTools {
  readonly store: Store
  readonly seal: Seal
  readonly hasher: PasswordHasher
  readonly judges: PasswordJudges
  readonly clock: Pick<Clock, 'now'>
  readonly random: RandomBytes
  readonly rules: TenantFileRules
  /** One reset, as an operator's; rejects with ApiError when it was not delivered. */
  readonly deliverInitialPassword: DeliverInitialPassword
}

export type DeliverInitialPassword = (call: {
  readonly tenant: Tenant
  readonly userId: string
  readonly sendMode: SendMode
  readonly requestId: string
}) => Promise<unknown>
