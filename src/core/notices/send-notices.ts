import type { MessageSender, SendOutcome } from '../../messaging/message-sender.ts'
import type { Store } from '../../store/store.ts'
import { type Clock, MINUTE_MS, SECOND_MS } from '../clock.ts'
import type { Secret } from '../secret.ts'
import { signInUrlOf } from '../tenants/sign-in-url.ts'
import type { Tenant } from '../tenants/tenant.ts'
import type { User } from '../users/user.ts'
import { type Notice, type NoticeEvent, noticeContext } from './notice.ts'

/** A run comes to its end, so that a stop does not wait for a queue. */
const NOTICES_PER_RUN_MAX = 200
/** For all gateways of the channel. */
const SEND_MS_MAX = 10 * SECOND_MS
/** Far longer than sending takes: whoever lets it run out is dead. */
const LEASE_MS = 2 * MINUTE_MS
const RETRY_AFTER_MS = [1 * MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS]
const RETRY_AFTER_MS_MAX = 120 * MINUTE_MS
/** One dead process repeats a message at most once; a notice on which two died is not worth a third. */
const UNSETTLED_ATTEMPTS_MAX = 2

export type NoticeOutcome = 'sent' | 'put_off' | 'given_up' | 'unknown'

export interface NoticeDeps {
  readonly store: Store
  readonly sender: Pick<MessageSender, 'hasGateway' | 'send'>
  readonly clock: Clock
  /** @throws Error when it does not open: the master key is another one */
  readonly openAddress: (sealed: string, context: string) => Secret
  /** The configured address of this server. */
  readonly publicUrl: string | undefined
  readonly onNotice: (event: NoticeEvent, outcome: NoticeOutcome) => void
  readonly onTrouble: (trouble: { readonly noticeId: string; readonly cause: unknown }) => void
}

type End =
  | { readonly kind: 'sent'; readonly gateway: string }
  | { readonly kind: 'given_up' | 'unknown'; readonly reason: string }
  | { readonly kind: 'put_off'; readonly reason: string }

/**
 * Sends what is due, one after the other, each claimed before its first byte leaves and outside any transaction. A
 * notice that a gateway refused is tried again, ever later, until its day is over; one that may have arrived, or whose
 * recipient was refused, is not. Safe on any number of nodes at once. How many were claimed.
 */
export async function sendNotices(
  deps: NoticeDeps,
  isStopping: () => boolean = () => false,
): Promise<number> {
  let claimed = 0
  while (claimed < NOTICES_PER_RUN_MAX && !isStopping()) {
    const notice = await deps.store.transaction(async (repositories) => {
      const now = await repositories.now()
      return await repositories.notices.claimOfAllTenants(now, now + LEASE_MS)
    })
    if (notice === undefined) {
      break
    }
    claimed += 1
    await settle(deps, notice, await trySending(deps, notice))
  }
  return claimed
}

async function trySending(deps: NoticeDeps, notice: Notice): Promise<End> {
  if (notice.unsettledAttempts > UNSETTLED_ATTEMPTS_MAX) {
    return { kind: 'unknown', reason: 'interrupted' }
  }
  const { read } = deps.store
  if ((await read.now()) >= notice.deadlineAt) {
    return { kind: 'given_up', reason: 'deadline' }
  }
  const user = await read.users.find(notice.tenantId, notice.userId)
  const tenant = await read.tenants.find(notice.tenantId)
  if (user === undefined || tenant === undefined) {
    return { kind: 'given_up', reason: 'user_removed' }
  }
  if (!(await deps.sender.hasGateway(tenant.id, notice.channel))) {
    return { kind: 'given_up', reason: 'no_gateway' }
  }
  try {
    return endOf(await send(deps, { notice, user, tenant }))
  } catch (cause) {
    deps.onTrouble({ noticeId: notice.id, cause })
    return { kind: 'put_off', reason: 'internal_error' } // thrown before a hand-over only: nothing has left
  }
}

async function send(
  deps: NoticeDeps,
  { notice, user, tenant }: { readonly notice: Notice; readonly user: User; readonly tenant: Tenant },
): Promise<SendOutcome> {
  const organization =
    user.organizationId === undefined
      ? undefined
      : await deps.store.read.organizations.find(tenant.id, user.organizationId)
  const languages = [user.language, organization?.language, tenant.language]
  const deadlineMonotonicMs = deps.clock.monotonicMs() + SEND_MS_MAX
  return await deps.sender.send({
    tenantId: tenant.id,
    channel: notice.channel,
    event: notice.event,
    languages: languages.filter((language) => language !== undefined),
    to: deps.openAddress(notice.destinationSealed, noticeContext(notice)).reveal(),
    variables: {
      name: user.name,
      userName: user.userName,
      timeZone: tenant.timeZone,
      tenantName: tenant.name,
      reference: notice.id,
      signInUrl: signInUrlOf(tenant, deps.publicUrl),
      support: tenant.settings.messages.support,
      occurredAt: notice.createdAt,
      ...notice.variables,
    },
    deadlineMonotonicMs,
    // the claim is on record already, and it is this process's alone
    recordAttempt: async () => ({ deadlineMonotonicMs, mayHandOver: async () => true }),
  })
}

function endOf(outcome: SendOutcome): End {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent', gateway: outcome.gateway }
    case 'unknown':
      return { kind: 'unknown', reason: outcome.reason }
    case 'refused':
      return { kind: outcome.reason === 'recipient_refused' ? 'given_up' : 'put_off', reason: outcome.reason }
    case 'stopped':
      return { kind: 'put_off', reason: 'stopped' }
  }
}

async function settle(deps: NoticeDeps, notice: Notice, tried: End): Promise<void> {
  const outcome = await deps.store.transaction(async (repositories): Promise<NoticeOutcome | undefined> => {
    let end = tried
    if (end.kind === 'put_off') {
      const dueAt = (await repositories.now()) + retryAfterMs(notice.attempts)
      if (dueAt < notice.deadlineAt) {
        return (await repositories.notices.putOff(notice, dueAt)) ? 'put_off' : undefined
      }
      end = { kind: 'given_up', reason: end.reason }
    }
    if (!(await repositories.notices.finish(notice))) {
      return undefined // the user was removed meanwhile, or the lease ran out
    }
    const { tenantId, id, userId, event, channel } = notice
    await repositories.audit.append({
      tenantId,
      action: end.kind === 'sent' ? 'notice.sent' : 'notice.given_up',
      actor: { kind: 'server', id: undefined },
      targetKind: 'user',
      targetId: userId,
      requestId: undefined,
      detail: {
        notice: id,
        event,
        channel,
        ...(end.kind === 'sent' ? { gateway: end.gateway } : { reason: end.reason }),
      },
    })
    return end.kind
  })
  if (outcome !== undefined) {
    deps.onNotice(notice.event, outcome)
  }
}

function retryAfterMs(attempts: number): number {
  return RETRY_AFTER_MS[attempts - 1] ?? RETRY_AFTER_MS_MAX
}
