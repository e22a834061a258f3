import type { MessageSender } from '../../messaging/message-sender.ts'
import type { Store } from '../../store/store.ts'
import { MINUTE_MS } from '../clock.ts'
import { type Mac, notMeToken } from '../reset/not-me-token.ts'
import type { Secret } from '../secret.ts'
import { notMeUrlOf } from '../tenants/sign-in-url.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { type Notice, type NoticeEvent, noticeContext } from './notice.ts'
import { type QueuedEnd, type SendQueuedDeps, sendQueued } from './send-queued.ts'

/** A run comes to its end, so that a stop does not wait for a queue. */
const NOTICES_PER_RUN_MAX = 200
/** Far longer than sending takes: whoever lets it run out is dead. */
const LEASE_MS = 2 * MINUTE_MS
const RETRY_AFTER_MS = [1 * MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS]
const RETRY_AFTER_MS_MAX = 120 * MINUTE_MS
/** One dead process repeats a message at most once; a notice on which two died is not worth a third. */
const UNSETTLED_ATTEMPTS_MAX = 2

export type NoticeOutcome = 'sent' | 'put_off' | 'given_up' | 'unknown'

export interface NoticeDeps extends SendQueuedDeps {
  readonly store: Store
  readonly sender: Pick<MessageSender, 'hasGateway' | 'send'>
  /** @throws Error when it does not open: the master key is another one */
  readonly openAddress: (sealed: string, context: string) => Secret
  /** Keyed hash that belongs to this installation. */
  readonly mac: Mac
  readonly onNotice: (event: NoticeEvent, outcome: NoticeOutcome) => void
  readonly onTrouble: (trouble: { readonly noticeId: string; readonly cause: unknown }) => void
}

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

async function trySending(deps: NoticeDeps, notice: Notice): Promise<QueuedEnd> {
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
    return await sendQueued(deps, {
      ...{ tenant, user, channel: notice.channel, event: notice.event, reference: notice.id },
      to: deps.openAddress(notice.destinationSealed, noticeContext(notice)).reveal(),
      variables: {
        occurredAt: notice.createdAt,
        contact: notice.variables.contact,
        lockedUntil: notice.variables.lockedUntil,
        notMeUrl: notMeUrlFor(deps, tenant, notice),
      },
    })
  } catch (cause) {
    deps.onTrouble({ noticeId: notice.id, cause })
    return { kind: 'put_off', reason: 'internal_error' } // thrown before a hand-over only: nothing has left
  }
}

/** Only a password can have been taken by somebody; of a contact or a lock nobody knows who has to say so. */
function notMeUrlFor(
  { mac, publicUrl }: Pick<NoticeDeps, 'mac' | 'publicUrl'>,
  tenant: Tenant,
  { event, userId, createdAt: changedAt, variables: { resetId } }: Notice,
): string | undefined {
  if (event !== 'password-changed') {
    return undefined
  }
  const disputed =
    resetId === undefined
      ? ({ kind: 'password', userId, changedAt } as const)
      : ({ kind: 'reset', resetId } as const)
  return notMeUrlOf(tenant, publicUrl, notMeToken(mac, tenant.id, disputed))
}

async function settle(deps: NoticeDeps, notice: Notice, tried: QueuedEnd): Promise<void> {
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
