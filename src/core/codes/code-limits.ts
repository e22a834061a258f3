import { ApiError } from '../../errors/api-error.ts'
import type { CodeScope } from '../../store/code-store.ts'
import type { Repositories } from '../../store/store.ts'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../clock.ts'
import type { CodeLimits } from '../tenants/tenant.ts'

/**
 * Refuses a wish for a code that would be one too many; call in the transaction that writes it. Whoever has the contact,
 * or nobody, the same statements run: what is counted are wishes, not messages.
 * @throws ApiError SDK.SMS.9001 with the limit as detail, and the time after which there is room again
 */
export async function requireWishWithin(
  { codeRequests }: Pick<Repositories, 'codeRequests'>,
  p: {
    readonly tenantId: string
    readonly limits: CodeLimits
    readonly contactMac: string
    readonly addressMac: string | undefined
    readonly now: number
  },
): Promise<void> {
  const { tenantId, limits, contactMac, addressMac, now } = p
  const scopes: readonly (readonly [detail: string, scope: CodeScope, max: number])[] = [
    ...(addressMac === undefined
      ? []
      : ([['address_hour', { kind: 'address', addressMac }, limits.perAddressPerHour]] as const)),
    ['contact_hour', { kind: 'contact', contactMac }, limits.perContactPerHour],
    // not held: a few too many of a large number do no harm, and a lock of all would make every wish wait for every other
    ['tenant_hour', { kind: 'tenant' }, limits.perTenantPerHour],
  ]
  for (const [detail, scope, max] of scopes) {
    if (scope.kind !== 'tenant') {
      await codeRequests.lockScope(tenantId, scope)
    }
    const oldest = await codeRequests.findNthNewest(tenantId, scope, now - HOUR_MS, max)
    if (oldest !== undefined) {
      throw tooManyCodes(detail, oldest + HOUR_MS - now)
    }
  }
}

/** Whether one more code may be made for the user today; call under the user's lock. */
export async function isUserWithin(
  { codeRequests }: Pick<Repositories, 'codeRequests'>,
  p: {
    readonly tenantId: string
    readonly userId: string
    readonly limits: CodeLimits
    readonly now: number
  },
): Promise<boolean> {
  const { tenantId, userId, limits, now } = p
  const scope = { kind: 'user', userId } as const
  return (await codeRequests.findNthNewest(tenantId, scope, now - DAY_MS, limits.perUserPerDay)) === undefined
}

function tooManyCodes(detail: string, waitMs: number): ApiError {
  const seconds = Math.max(1, Math.ceil(waitMs / SECOND_MS))
  return new ApiError('SDK.SMS.9001', { detail, params: [seconds], retryAfterSeconds: seconds })
}
