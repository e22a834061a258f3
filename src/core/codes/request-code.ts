import { ApiError } from '../../errors/api-error.ts'
import type { MessageSender } from '../../messaging/message-sender.ts'
import type { Store } from '../../store/store.ts'
import { PAGES_APPLICATION_ID } from '../browser/pages-application.ts'
import { MINUTE_MS } from '../clock.ts'
import { newId } from '../new-id.ts'
import type { RandomBytes } from '../randomness.ts'
import { networkOf } from '../signin/address-limit.ts'
import type { RequestCodeCall } from '../signin/sign-in-calls.ts'
import type { SendMode, Tenant } from '../tenants/tenant.ts'
import { type Captcha, type SolvedCaptcha, useCaptcha } from './captcha.ts'
import { codeRequestContext } from './code.ts'
import { requireWishWithin } from './code-limits.ts'
import type { CodePurpose } from './code-purpose.ts'
import { readContact, type TypedContact } from './contact.ts'

/** Somebody who waits longer has asked again. */
const SEND_WITHIN_MS = 5 * MINUTE_MS

export interface RequestCodeDeps {
  readonly store: Pick<Store, 'read' | 'transaction'>
  readonly sender: Pick<MessageSender, 'hasGateway'>
  readonly random: RandomBytes
  readonly mac: (purpose: string, value: string) => string
  /** Makes the contact illegible in the database; `context` says whose it is. */
  readonly sealAddress: (address: string, context: string) => string
  readonly captcha: Captcha
}

/** The contract's words for what a code is good for (section 4.3); undefined: known, and nothing here gives one. */
const purposesByType: Readonly<Record<SendMode, Readonly<Record<string, CodePurpose | undefined>>>> = {
  SMS: {
    LOGIN_SMS: 'sign-in',
    FORGET_PWD_SMS: 'recovery',
    CHANGE_PWD_SMS: 'password-change',
    MFA_AUTH_SMS: 'second-factor',
  },
  EMAIL: {
    LOGIN_EMS: 'sign-in',
    FORGET_PWD_EMS: 'recovery',
    CHANGE_PWD_EMS: 'password-change',
    MFA_AUTH_EMS: 'second-factor',
  },
}

/** Registering and binding would send to contacts that nobody is known by: there is no such operation. */
const typesWithoutPurpose: Readonly<Record<SendMode, readonly string[]>> = {
  SMS: ['REGISTER_SMS', 'BIND_MOBILE_SMS'],
  EMAIL: ['REGISTER_EMS', 'BIND_EMAIL_EMS', 'UPDATE_EMAIL_EMS'],
}

/**
 * Writes down that somebody wants a code. Nobody is looked up: whether the contact is anybody's, and whether that person
 * may have a code, is found out in the background (`send-codes.ts`), so that answer, time and work are the same for
 * everybody and for nobody. True afterwards: the wish is durable and on record.
 * @throws ApiError SDK.COMMON.1006 the type, SDK.COMMON.1002 the contact, MSG.0004 no gateway, SDK.CAPTCHA.9001,
 *   SDK.SMS.9001 too many
 */
export async function requestCode(deps: RequestCodeDeps, call: RequestCodeCall): Promise<void> {
  const { tenant, channel } = call
  const purpose = readPurpose(tenant, channel, call.type)
  const contact = readContact(channel, call.contact)
  if (!(await deps.sender.hasGateway(tenant.id, channel))) {
    throw new ApiError('MSG.0004', { detail: 'no_gateway' })
  }
  // the pages work without scripts, which a proof of work needs: there the limits alone stand against a flood
  const solved = call.application.id === PAGES_APPLICATION_ID ? undefined : await deps.captcha.check(call)
  await write(deps, { ...call, purpose, contact, solved })
}

function readPurpose(tenant: Tenant, channel: SendMode, type: string): CodePurpose {
  const byType = purposesByType[channel]
  const purpose = Object.hasOwn(byType, type) ? byType[type] : undefined
  if (purpose === undefined) {
    const isKnown = typesWithoutPurpose[channel].includes(type)
    throw wrongType(isKnown ? 'type_disabled' : 'type')
  }
  const { codes, signIn } = tenant.settings
  // a code alone is one factor
  const isTooWeak = purpose === 'sign-in' && signIn.secondFactor !== 'none'
  if (isTooWeak || !codes.purposes.includes(purpose)) {
    throw wrongType('type_disabled')
  }
  return purpose
}

function wrongType(detail: string): ApiError {
  return new ApiError('SDK.COMMON.1006', { params: ['type'], detail })
}

async function write(
  deps: RequestCodeDeps,
  wish: Omit<RequestCodeCall, 'contact'> & {
    readonly purpose: CodePurpose
    readonly contact: TypedContact
    readonly solved: SolvedCaptcha | undefined
  },
): Promise<void> {
  const { tenant, application, requestId, address, purpose, contact, solved } = wish
  const contactMac = deps.mac('code-contact', `${tenant.id}/${contact.channel}/${contact.key}`)
  const addressMac =
    address === undefined ? undefined : deps.mac('code-address', `${tenant.id}/${networkOf(address)}`)
  await deps.store.transaction(async (repositories) => {
    const now = await repositories.now()
    await useCaptcha(repositories, tenant.id, solved)
    const { limits } = tenant.settings.codes
    await requireWishWithin(repositories, { tenantId: tenant.id, limits, contactMac, addressMac, now })
    const key = { tenantId: tenant.id, id: newId(now, deps.random) }
    await repositories.codeRequests.insert({
      ...key,
      purpose,
      channel: contact.channel,
      contactSealed: deps.sealAddress(contact.key, codeRequestContext(key)),
      contactMac,
      addressMac,
      createdAt: now,
      dueAt: now,
      deadlineAt: now + SEND_WITHIN_MS,
      attempts: 0,
      unsettledAttempts: 0,
    })
    await repositories.audit.append({
      tenantId: tenant.id,
      action: 'code.requested',
      actor: { kind: 'anonymous', id: undefined },
      targetKind: 'code',
      targetId: key.id,
      requestId,
      detail: { purpose, channel: contact.channel, applicationId: application.id },
    })
  })
}
