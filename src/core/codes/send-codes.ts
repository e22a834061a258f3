import { MINUTE_MS, SECOND_MS } from '../clock.ts'
import { type SendQueuedDeps, sendQueued } from '../notices/send-queued.ts'
import { CODE_LIFETIME_MS, type CodeRequest, eventOfPurpose } from './code.ts'
import type { CodePurpose } from './code-purpose.ts'
import { type PrepareCodeDeps, prepareCode } from './prepare-code.ts'

/** A run comes to its end, so that a stop does not wait for a queue. */
const REQUESTS_PER_RUN_MAX = 400
/** Of codes that one process sends at the same time: people wait for them. */
const SENDERS = 4
/** Far longer than sending takes: whoever lets it run out is dead. */
const LEASE_MS = MINUTE_MS
const RETRY_AFTER_MS = 20 * SECOND_MS
/** One dead process repeats a code at most once. */
const UNSETTLED_ATTEMPTS_MAX = 2

/** `nobody`: no user has the contact, or none who may have a code. */
export type CodeOutcome = 'sent' | 'put_off' | 'given_up' | 'unknown' | 'nobody'

export interface SendCodesDeps extends PrepareCodeDeps, Omit<SendQueuedDeps, 'store'> {
  readonly onCode: (purpose: CodePurpose, outcome: CodeOutcome) => void
  readonly onTrouble: (trouble: { readonly codeRequestId: string; readonly cause: unknown }) => void
}

interface End {
  readonly outcome: CodeOutcome
  /** Undefined: nobody was found. */
  readonly userId?: string
  readonly reason?: string
  readonly gateway?: string
}

/**
 * Looks at what is due, each claimed before anything else, a few at a time: finds the user, makes a code, keeps its MAC,
 * and sends it to the contact in the user's row. The code is in memory only, from its making to its hand-over; a try
 * after a refusal makes another one. Safe on any number of nodes at once. How many were claimed.
 */
export async function sendCodes(
  deps: SendCodesDeps,
  isStopping: () => boolean = () => false,
): Promise<number> {
  let claimed = 0
  const work = async (first: CodeRequest | undefined) => {
    let request = first
    while (request !== undefined) {
      claimed += 1
      await settle(deps, request, await trySending(deps, request))
      const isOver = claimed >= REQUESTS_PER_RUN_MAX || isStopping()
      request = isOver ? undefined : await claim(deps)
    }
  }
  // one look where nothing is due, as is usual
  const first = isStopping() ? undefined : await claim(deps)
  if (first !== undefined) {
    const others = Array.from({ length: SENDERS - 1 }, async () => await work(await claim(deps)))
    await Promise.all([work(first), ...others])
  }
  return claimed
}

async function claim({ store }: SendCodesDeps): Promise<CodeRequest | undefined> {
  return await store.transaction(async (repositories) => {
    const now = await repositories.now()
    return await repositories.codeRequests.claimOfAllTenants(now, now + LEASE_MS)
  })
}

async function trySending(deps: SendCodesDeps, request: CodeRequest): Promise<End> {
  if (request.unsettledAttempts > UNSETTLED_ATTEMPTS_MAX) {
    return { outcome: 'unknown', reason: 'interrupted' }
  }
  if ((await deps.store.read.now()) >= request.deadlineAt) {
    return { outcome: 'given_up', reason: 'deadline' }
  }
  const tenant = await deps.store.read.tenants.find(request.tenantId)
  if (tenant === undefined) {
    return { outcome: 'nobody' }
  }
  try {
    const prepared = await prepareCode(deps, tenant, request)
    if (prepared.kind === 'nobody') return { outcome: 'nobody' }
    const { userId } = prepared
    if (prepared.kind === 'refused') return { outcome: 'given_up', userId, reason: prepared.reason }
    const { kind: outcome, ...rest } = await sendQueued(deps, {
      ...{ tenant, user: prepared.user, channel: request.channel, reference: request.id },
      event: eventOfPurpose[request.purpose],
      to: prepared.address,
      variables: {
        code: prepared.code,
        issuedAt: prepared.madeAt,
        expiresAt: prepared.madeAt + CODE_LIFETIME_MS,
      },
    })
    return { outcome, userId, ...rest }
  } catch (cause) {
    deps.onTrouble({ codeRequestId: request.id, cause })
    return { outcome: 'put_off', reason: 'internal_error' } // thrown before a hand-over only: nothing has left
  }
}

async function settle(deps: SendCodesDeps, request: CodeRequest, tried: End): Promise<void> {
  const outcome = await deps.store.transaction(async (repositories): Promise<CodeOutcome | undefined> => {
    let end = tried
    if (end.outcome === 'put_off') {
      const dueAt = (await repositories.now()) + RETRY_AFTER_MS
      if (dueAt < request.deadlineAt) {
        return (await repositories.codeRequests.putOff(request, dueAt)) ? 'put_off' : undefined
      }
      end = { ...end, outcome: 'given_up' }
    }
    if (!(await repositories.codeRequests.finish(request))) {
      return undefined // the lease ran out
    }
    if (end.userId !== undefined) {
      await repositories.audit.append({
        tenantId: request.tenantId,
        action: end.outcome === 'sent' ? 'code.sent' : 'code.given_up',
        actor: { kind: 'server', id: undefined },
        targetKind: 'user',
        targetId: end.userId,
        requestId: undefined,
        detail: {
          codeRequest: request.id,
          purpose: request.purpose,
          channel: request.channel,
          ...(end.gateway === undefined ? {} : { gateway: end.gateway }),
          ...(end.reason === undefined ? {} : { reason: end.reason }),
        },
      })
    }
    return end.outcome
  })
  if (outcome !== undefined) {
    deps.onCode(request.purpose, outcome)
  }
}
