import type { ResetHistory, ResetTimeline } from '../../core/reset/list-resets.ts'
import type { Reset, ResetState } from '../../core/reset/reset-state.ts'
import { formatTime } from '../../core/tenants/format-time.ts'
import type { Tenant } from '../../core/tenants/tenant.ts'
import type { PasswordState } from '../../core/users/password-state.ts'
import type { User } from '../../core/users/user.ts'
import type { ResetAttempt } from '../../store/store.ts'
import { fitLine } from '../fit-line.ts'

interface Subject {
  readonly tenant: Tenant
  readonly user: Pick<User, 'id' | 'userName' | 'name' | 'disabled' | 'frozenAt'>
}

/** What a state means for the passwords, for a reader who does not know the protocol by heart. */
const meanings: Readonly<Record<ResetState, string>> = {
  prepared: 'not sent yet',
  sending: 'being handed to a gateway',
  unknown: 'the message may have arrived; old and new password work',
  failed: 'nothing was delivered; the old password was kept',
  accepted: 'delivered, not used yet',
  used: 'signed in with; a password of their own is still to be chosen',
  completed: 'signed in with, and a password of their own was chosen',
  superseded: 'something newer took over; its password is void',
  expired: 'its time is over; its password is void',
}

/** The word that matters first: after a long detail the end of the line is cut. */
const meaningsAfterRevocation: Readonly<Partial<Record<ResetState, string>>> = {
  prepared: 'old password revoked, nothing sent yet',
  sending: 'old password revoked; being handed to a gateway',
  unknown: 'old password revoked; the new one may have arrived',
  failed: 'old password revoked, nothing was delivered',
}

/** The timeline as lines of at most 100 columns, newest first. */
export function presentResets({ tenant, user }: Subject, timeline: ResetTimeline): readonly string[] {
  const time = (at: number) => formatTime(at, tenant.timeZone).slice(0, 19)
  const count = timeline.resets.length
  const amount = count === 0 ? 'No resets' : count === 1 ? '1 reset' : `${count} resets, newest first`
  return [
    `${user.userName} (${user.name}), tenant ${tenant.code}`,
    `password_state: ${describePasswordState(timeline.passwordState, time)}`,
    ...presentFrozen(user, time),
    ...(timeline.passwordState.kind === 'none' && !user.disabled
      ? [`  nothing signs in; send a password with: rekey reset-password ${user.userName} --send-mode EMAIL`]
      : []),
    `${amount}${count === 0 ? '.' : `; times in ${tenant.timeZone}`}`,
    ...timeline.resets.flatMap((history) => ['', ...presentReset(history, time)]),
    ...(timeline.hasMore ? ['', 'There are older ones: raise --limit.'] : []),
  ].map((line) => fitLine(line))
}

/** Why somebody cannot sign in whose password looks sound. */
function presentFrozen(
  { userName, disabled, frozenAt }: Subject['user'],
  time: (at: number) => string,
): readonly string[] {
  if (frozenAt === undefined) {
    return disabled ? ['disabled: nobody signs in until the user is enabled'] : []
  }
  return disabled
    ? [
        `frozen on ${time(frozenAt)}: the user says "this was not me"`,
        `  find out what happened, then: rekey enable-user ${userName}, and rekey reset-password`,
      ]
    : [`was frozen on ${time(frozenAt)} ("this was not me"), and enabled since`]
}

export function describePasswordState(state: PasswordState, time: (at: number) => string): string {
  switch (state.kind) {
    case 'own':
      return 'own'
    case 'delivered_unused':
      return `delivered, unused until ${time(state.until)}`
    case 'delivered_used':
      return 'delivered, used'
    case 'none':
      return 'none'
  }
}

function presentReset(history: ResetHistory, time: (at: number) => string): readonly string[] {
  const { reset, attempts } = history
  const field = (name: string, value: string) => `  ${name.padEnd(12)}${value}`
  const state = reset.detail === undefined ? reset.state : `${reset.state} (${reset.detail})`
  return [
    `${time(reset.preparedAt)}  ${state}: ${meaningOf(reset)}`,
    field('asked by', describeAskedBy(history)),
    field('to', `${reset.sendMode} ${reset.destinationMasked}`),
    ...attempts.flatMap((attempt) => presentAttempt(attempt, field)),
    ...(attempts.length === 0 ? [field('attempts', 'none')] : []),
    field('accepted', describeAcceptance(history, time)),
    field('first use', reset.usedAt === undefined ? 'not used' : time(reset.usedAt)),
    field('deadline', time(reset.deadlineAt)),
    ...(reset.disownedAt === undefined
      ? []
      : [field('disowned', `${time(reset.disownedAt)}: the user says "this was not me"`)]),
    ...(history.endedSessions === undefined ? [] : [field('ended', sessions(history.endedSessions))]),
    field('reset id', reset.id),
  ]
}

function meaningOf(reset: Reset): string {
  if (reset.state === 'accepted' && reset.promotedAt === undefined) {
    return 'delivered, not used yet; until then the old password works too'
  }
  return (
    (reset.oldPasswordMode === 'revoke-now' ? meaningsAfterRevocation[reset.state] : undefined) ??
    meanings[reset.state]
  )
}

function presentAttempt(
  attempt: ResetAttempt,
  field: (name: string, value: string) => string,
): readonly string[] {
  const { ordinal, gateway, startedAt, endedAt, outcome, reason, reply } = attempt
  const end = outcome === undefined ? 'no end on record' : [outcome, reason].filter(Boolean).join(': ')
  const seconds = endedAt === undefined ? '' : ` after ${((endedAt - startedAt) / 1_000).toFixed(1)} s`
  return [
    field(`attempt ${ordinal}`, `gateway ${gateway}: ${end}${seconds}`),
    ...(reply === undefined || reply === '' ? [] : [field('', `“${reply}”`)]),
  ]
}

function describeAskedBy({ askedBy }: ResetHistory): string {
  if (askedBy.kind === 'operator') {
    return 'an operator, by command'
  }
  const { application, id } = askedBy
  return application === undefined
    ? `an application that is gone (id ${id})`
    : `${application.name} (client id ${application.clientId})`
}

function describeAcceptance(history: ResetHistory, time: (at: number) => string): string {
  const accepted = acceptedAttempt(history)
  return accepted?.endedAt === undefined ? 'no' : `${time(accepted.endedAt)} by gateway ${accepted.gateway}`
}

/** By the attempt, not by the promotion: a password may be used before its gateway has answered. */
function acceptedAttempt({ attempts }: ResetHistory): ResetAttempt | undefined {
  return attempts.findLast((attempt) => attempt.outcome === 'accepted')
}

function sessions(count: number): string {
  return count === 1 ? '1 session' : `${count} sessions`
}

const isoTime = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString())

/** The same for machines: every key is always there, times are ISO 8601 in UTC. */
export function resetsAsJson({ tenant, user }: Subject, timeline: ResetTimeline): object {
  const { passwordState } = timeline
  return {
    tenant: tenant.code,
    user: { id: user.id, user_name: user.userName, name: user.name },
    disabled: user.disabled,
    frozen_at: isoTime(user.frozenAt),
    password_state: describePasswordState(passwordState, (at) => new Date(at).toISOString()),
    has_more: timeline.hasMore,
    resets: timeline.resets.map(resetAsJson),
  }
}

function resetAsJson(history: ResetHistory): object {
  const { reset, askedBy, attempts, endedSessions } = history
  return {
    id: reset.id,
    state: reset.state,
    detail: reset.detail ?? null,
    asked_by:
      askedBy.kind === 'operator'
        ? { kind: 'operator', id: null, name: null, client_id: null }
        : {
            kind: 'application',
            id: askedBy.id,
            name: askedBy.application?.name ?? null,
            client_id: askedBy.application?.clientId ?? null,
          },
    send_mode: reset.sendMode,
    old_password: reset.oldPasswordMode,
    destination: reset.destinationMasked,
    gateway: reset.gateway ?? null,
    prepared_at: isoTime(reset.preparedAt),
    accepted_at: isoTime(acceptedAttempt(history)?.endedAt),
    first_used_at: isoTime(reset.usedAt),
    deadline_at: isoTime(reset.deadlineAt),
    disowned_at: isoTime(reset.disownedAt),
    ended_sessions: endedSessions ?? null,
    attempts: attempts.map((attempt) => ({
      ordinal: attempt.ordinal,
      gateway: attempt.gateway,
      started_at: isoTime(attempt.startedAt),
      ended_at: isoTime(attempt.endedAt),
      outcome: attempt.outcome ?? null,
      reason: attempt.reason ?? null,
      reply: attempt.reply ?? null,
    })),
  }
}
