import type { AuditActor } from '../../audit/audit-row.ts'
import { CommitInDoubtError } from '../../errors/store-error.ts'
import type { Repositories, Store } from '../../store/store.ts'
import { DAY_MS } from '../clock.ts'
import type { Secret } from '../secret.ts'
import type { AddressLimit } from '../signin/address-limit.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { disableLocked } from '../users/change-user-state.ts'
import { isStorableText } from '../users/is-storable-text.ts'
import type { User, UserWithCredential } from '../users/user.ts'
import type { Disownable, DisownCall, Disowned, DisownOwnCall } from './disown-calls.ts'
import { type Disputed, type Mac, readNotMeToken } from './not-me-token.ts'
import type { Reset } from './reset-state.ts'

/** A week: people read their mail after a holiday; an older mail in wrong hands should lock nobody out. */
export const DISOWN_WITHIN_MS = 7 * DAY_MS

export interface DisownDeps {
  readonly store: Pick<Store, 'read' | 'transaction'>
  readonly mac: Mac
  readonly addresses: AddressLimit
  /** Told once for each account that was frozen. Metrics and logs hang here. */
  readonly onFrozen: (frozen: Frozen) => void
}

export interface Frozen {
  readonly userId: string
  /** Undefined: it was about a password that was changed otherwise. */
  readonly resetId: string | undefined
}

/** What the link of a message is about; changes nothing, however often it is opened. */
export async function findDisownable(
  deps: Pick<DisownDeps, 'store' | 'mac'>,
  tenant: Tenant,
  token: Secret,
): Promise<Disownable | undefined> {
  const disputed = readNotMeToken(deps.mac, tenant.id, token)
  const { read } = deps.store
  const found = disputed && (await findDisputed(read, tenant, disputed))
  const user = found && (await read.users.find(tenant.id, found.userId))
  if (user === undefined || found === undefined || isOver(found, await read.now())) {
    return undefined
  }
  const { reset } = found
  return {
    about: reset === undefined ? 'password' : 'reset',
    occurredAt: found.occurredAt,
    timeZone: user.timeZone ?? tenant.timeZone,
    sentTo: reset && { channel: reset.sendMode, masked: reset.destinationMasked },
    isDone: isDone(user, found),
  }
}

/**
 * Freezes the account that the link of a message is about. True afterwards, in one transaction: nobody signs in as the
 * user until somebody enables them; every open reset is superseded, so that no delivered password ever signs in; a
 * password that is younger than what is disowned is void; sessions, open sign-ins and codes have ended. Pressed again, or
 * once the user was enabled again, it changes nothing.
 * @throws ApiError SDK.LOGIN.9002
 */
export async function disownReset(deps: DisownDeps, call: DisownCall): Promise<Disowned | undefined> {
  deps.addresses.count(call.tenant, call.address)
  const disputed = readNotMeToken(deps.mac, call.tenant.id, call.token)
  // whoever has the link has the message; more is not known of them
  return disputed && (await disown(deps, call, disputed, { kind: 'anonymous', id: undefined }))
}

/** The same for a reset of whoever is signed in; their session ends too. */
export async function disownOwnReset(deps: DisownDeps, call: DisownOwnCall): Promise<Disowned | undefined> {
  const { resetId, userId, tenant } = call
  const reset = isStorableText(resetId) ? await deps.store.read.resets.find(tenant.id, resetId) : undefined
  return reset?.userId === userId
    ? await disown(deps, call, { kind: 'reset', resetId }, { kind: 'user', id: userId })
    : undefined
}

interface Found {
  readonly userId: string
  readonly occurredAt: number
  readonly reset: Reset | undefined
}

async function findDisputed(
  { resets }: Pick<Repositories, 'resets'>,
  tenant: Tenant,
  disputed: Disputed,
): Promise<Found | undefined> {
  if (disputed.kind === 'password') {
    return { userId: disputed.userId, occurredAt: disputed.changedAt, reset: undefined }
  }
  const reset = await resets.find(tenant.id, disputed.resetId)
  return reset && { userId: reset.userId, occurredAt: reset.preparedAt, reset }
}

function isOver({ occurredAt }: Pick<Found, 'occurredAt'>, now: number): boolean {
  return occurredAt + DISOWN_WITHIN_MS <= now
}

/** One freeze deals with everything of before it: who was enabled again is not frozen by another message of then. */
function isDone({ frozenAt }: Pick<User, 'frozenAt'>, { occurredAt }: Pick<Found, 'occurredAt'>): boolean {
  return frozenAt !== undefined && frozenAt >= occurredAt
}

async function disown(
  deps: DisownDeps,
  call: { readonly tenant: Tenant; readonly requestId: string },
  disputed: Disputed,
  actor: AuditActor,
): Promise<Disowned | undefined> {
  const { tenant, requestId } = call
  const found = await findDisputed(deps.store.read, tenant, disputed)
  if (found === undefined) {
    return undefined
  }
  const work = async (repositories: Repositories): Promise<Disowned | undefined> => {
    const user = await repositories.users.lock(tenant.id, found.userId)
    const now = await repositories.now()
    if (user === undefined || isOver(found, now)) {
      return undefined
    }
    if (isDone(user, found)) {
      return { kind: 'done_before' }
    }
    await freeze(repositories, { tenant, user, found, actor, requestId, now })
    return { kind: 'frozen' }
  }
  const disowned = await deps.store
    .transaction(work)
    .catch((error: unknown) => rereadInDoubt(deps, tenant, found, error))
  if (disowned?.kind === 'frozen') {
    deps.onFrozen({ userId: found.userId, resetId: found.reset?.id })
  }
  return disowned
}

/** The answer to COMMIT was lost: the row says whether it was done; if not, pressing again is harmless. */
async function rereadInDoubt(
  { store }: DisownDeps,
  tenant: Tenant,
  found: Found,
  error: unknown,
): Promise<Disowned> {
  const isInDoubt = error instanceof CommitInDoubtError
  const user = isInDoubt ? await store.read.users.find(tenant.id, found.userId) : undefined
  if (user === undefined || !isDone(user, found)) {
    throw error
  }
  return { kind: 'frozen' }
}

async function freeze(
  repositories: Repositories,
  p: {
    readonly tenant: Tenant
    readonly user: UserWithCredential
    readonly found: Found
    readonly actor: AuditActor
    readonly requestId: string
    readonly now: number
  },
): Promise<void> {
  const { tenant, user, found, now } = p
  const mustVoidPassword = isYounger(user, found)
  if (mustVoidPassword) {
    // whoever chose it shall not have it back by a reset
    const { history } = tenant.settings.passwordPolicy
    await repositories.users.rememberPassword(tenant.id, user.id, now, history)
  }
  const record = {
    tenantId: tenant.id,
    actor: p.actor,
    targetKind: 'user',
    targetId: user.id,
    requestId: p.requestId,
  } as const
  await repositories.users.setFrozen(tenant.id, user.id, now)
  const ended = await disableLocked(repositories, { user, reason: 'disowned', mustVoidPassword, record, now })
  if (found.reset !== undefined) {
    await markDisowned(repositories, found.reset, now)
  }
  await repositories.audit.append({
    ...record,
    ...(found.reset === undefined ? {} : { targetKind: 'reset', targetId: found.reset.id }),
    action: found.reset === undefined ? 'password.disowned' : 'reset.disowned',
    detail: { userId: user.id, wasDisabled: user.disabled, ...ended },
  })
}

/** A password that stood before the reset is the user's own, and nobody who made the reset knows it by that. */
function isYounger(user: UserWithCredential, { occurredAt }: Found): boolean {
  const { passwordChangedAt } = user
  return (
    user.credential.digest !== undefined && passwordChangedAt !== undefined && passwordChangedAt >= occurredAt
  )
}

/** Its state says what became of its secret, and stays; under the user's lock nobody moves it. */
async function markDisowned(repositories: Repositories, { tenantId, id }: Reset, now: number): Promise<void> {
  const reset = await repositories.resets.find(tenantId, id)
  if (reset !== undefined) {
    await repositories.resets.change(tenantId, id, { states: [reset.state] }, { disownedAt: now })
  }
}
