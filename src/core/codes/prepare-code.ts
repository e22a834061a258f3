import { ApiError } from '../../errors/api-error.ts'
import type { Repositories, Store } from '../../store/store.ts'
import type { RandomBytes } from '../randomness.ts'
import { chooseAddress } from '../reset/choose-address.ts'
import { requireSettledContact } from '../reset/guard-reset.ts'
import type { Secret } from '../secret.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { UserWithCredential } from '../users/user.ts'
import { CODE_LIFETIME_MS, type CodeRequest, codeRequestContext, macOfCode, makeCode } from './code.ts'
import { isUserWithin } from './code-limits.ts'
import { isContactOf, keysOfContact } from './contact.ts'

export interface PrepareCodeDeps {
  readonly store: Pick<Store, 'read' | 'transaction'>
  readonly random: RandomBytes
  readonly mac: (purpose: string, value: string) => string
  /** @throws Error when it does not open: the master key is another one */
  readonly openAddress: (sealed: string, context: string) => Secret
}

/** What came of a wish, once somebody was looked for. */
export type PreparedCode =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'refused'; readonly userId: string; readonly reason: string }
  | {
      readonly kind: 'prepared'
      readonly userId: string
      readonly user: UserWithCredential
      /** As the user's row has it. */
      readonly address: string
      readonly code: Secret
      readonly madeAt: number
    }

/**
 * Makes a code for whoever has the contact. True afterwards, if one was made: its MAC is what the user's next guess is
 * compared with, the code of before is dead, and it counts for the user. Disabled people get none; the tenant's sending
 * rules are those of a reset: a contact that changed a short while ago gets none either.
 */
export async function prepareCode(
  deps: PrepareCodeDeps,
  tenant: Tenant,
  request: CodeRequest,
): Promise<PreparedCode> {
  const key = deps.openAddress(request.contactSealed ?? '', codeRequestContext(request)).reveal()
  const contact = { channel: request.channel, key }
  const found = await deps.store.read.users.findForSignIn(tenant.id, keysOfContact(contact))
  if (found === undefined) {
    return { kind: 'nobody' }
  }
  const code = makeCode(deps.random)
  return await deps.store.transaction(async (repositories): Promise<PreparedCode> => {
    const user = await repositories.users.lock(tenant.id, found.user.id)
    if (user === undefined || user.disabled || !isContactOf(contact, user)) {
      return { kind: 'nobody' }
    }
    const now = await repositories.now()
    const address = await addressFor(repositories, tenant, user, request)
    if (typeof address !== 'string') {
      return { kind: 'refused', userId: user.id, reason: address.reason }
    }
    const { limits } = tenant.settings.codes
    if (!(await isUserWithin(repositories, { tenantId: tenant.id, userId: user.id, limits, now }))) {
      return { kind: 'refused', userId: user.id, reason: 'user_day' }
    }
    const owner = {
      tenantId: tenant.id,
      userId: user.id,
      channel: request.channel,
      purpose: request.purpose,
    }
    await repositories.codes.put({
      ...owner,
      codeMac: macOfCode(deps.mac, owner, code),
      credentialVersion: user.credential.version,
      expiresAt: now + CODE_LIFETIME_MS,
    })
    await repositories.codeRequests.assign(request, user.id)
    return { kind: 'prepared', userId: user.id, user, address, code, madeAt: now }
  })
}

async function addressFor(
  repositories: Repositories,
  tenant: Tenant,
  user: UserWithCredential,
  { channel }: CodeRequest,
): Promise<string | { readonly reason: string }> {
  try {
    const address = chooseAddress(tenant, user, channel)
    await requireSettledContact(repositories, tenant.settings.reset, user, channel)
    return address
  } catch (error) {
    if (error instanceof ApiError) return { reason: error.detail ?? error.code }
    throw error
  }
}
