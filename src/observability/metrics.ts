import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { AddressRefusal } from '../core/applications/allowed-addresses.ts'
import type { CodePurpose } from '../core/codes/code-purpose.ts'
import type { CodeOutcome } from '../core/codes/send-codes.ts'
import type { NoticeEvent } from '../core/notices/notice.ts'
import type { NoticeOutcome } from '../core/notices/send-notices.ts'
import type { HashLane, HashQueue } from '../core/password/password-hasher.ts'
import type { ResetState } from '../core/reset/reset-state.ts'
import type { SendMode } from '../core/tenants/tenant.ts'
import { createWebhookMetrics, type WebhookMetrics } from './webhook-metrics.ts'

export type SignInResult =
  | 'success'
  | 'password_expired'
  | 'password_warn'
  | 'denied'
  | 'wrong_password'
  | 'wrong_code'
  | 'second_factor'
  | 'locked'
  | 'reset_expired'
  | 'too_many'

/** What the server counts. Labels are words of ours: never a user's id, a name, an address or a token. */
export interface Metrics extends WebhookMetrics {
  readonly contentType: string
  /** `route` is the template of the path, or `none`. */
  requestAnswered(request: { method: string; route: string; status: number; seconds: number }): void
  /** A reset left `sending`; `detail` is its stable word, or `none`. */
  resetSettled(state: ResetState, detail: string | undefined, channel: SendMode): void
  /** A user's third unused reset of a day. */
  resetStorm(): void
  /** A delivered password that nobody used ran out: its user has none. */
  resetExpiredUnused(channel: SendMode): void
  /** Somebody said that this was not them: an account was frozen. */
  accountFrozen(about: 'reset' | 'password'): void
  /** Enabled users of all tenants who have no password. */
  usersWithoutPassword(count: number): void
  /** How many hashes wait now. */
  hashQueued(queue: HashQueue, length: number): void
  /** No place in the queue: the call was answered 503, or an upgrade was left out. */
  hashRefused(lane: HashLane): void
  signIn(result: SignInResult): void
  /** An application asked for a token, or called with one, from an address that it may not call from. */
  addressRefused(operation: AddressRefusal['operation']): void
  gatewayAttempt(outcome: 'accepted' | 'refused-here' | 'refused-recipient' | 'unknown'): void
  /** A notice was sent, put off or given up. */
  notice(event: NoticeEvent, outcome: NoticeOutcome): void
  /** A wish for a code was settled or put off. */
  code(purpose: CodePurpose, outcome: CodeOutcome): void
  /** Audit rows that got their place in the chain. */
  auditSealed(rows: number): void
  /** Of all tenants; 0: none waits. */
  auditOldestUnsealed(ageMs: number): void
  /** Everything, in the Prometheus text format. */
  expose(): Promise<string>
}

const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25]

/** Metrics in a registry of their own, so that several servers in one process do not meet. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  // process, memory, garbage collection and event loop delay
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Counter({
    name: 'rekey_http_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const durations = new Histogram({
    name: 'rekey_http_request_duration_seconds',
    help: 'From the request line to the end of the answer',
    labelNames: ['method', 'route'],
    buckets: durationBuckets,
    registers,
  })
  const attempts = new Counter({
    name: 'rekey_gateway_attempts_total',
    help: 'Hand-overs to gateways by outcome',
    labelNames: ['outcome'],
    registers,
  })
  const notices = new Counter({
    name: 'rekey_notices_total',
    help: 'Messages about a change, by what became of them',
    labelNames: ['event', 'outcome'],
    registers,
  })
  const codes = new Counter({
    name: 'rekey_codes_total',
    help: 'Wishes for one-time codes, by what became of them',
    labelNames: ['purpose', 'outcome'],
    registers,
  })
  return {
    contentType: registry.contentType,
    requestAnswered({ method, route, status, seconds }) {
      requests.inc({ method, route, status })
      durations.observe({ method, route }, seconds)
    },
    ...createResetCounters(registers),
    ...createHashMetrics(registers),
    ...createCallerCounters(registers),
    gatewayAttempt: (outcome) => attempts.inc({ outcome }),
    notice: (event, outcome) => notices.inc({ event, outcome }),
    code: (purpose, outcome) => codes.inc({ purpose, outcome }),
    ...createAuditMetrics(registry),
    ...createWebhookMetrics(registers),
    expose: () => registry.metrics(),
  }
}

function createCallerCounters(registers: Registry[]): Pick<Metrics, 'signIn' | 'addressRefused'> {
  const signIns = new Counter({
    name: 'rekey_sign_ins_total',
    help: 'Sign-ins by result',
    labelNames: ['result'],
    registers,
  })
  const addressRefusals = new Counter({
    name: 'rekey_addresses_refused_total',
    help: 'Calls of applications from addresses outside their allowed_addresses, with a good secret or token',
    labelNames: ['operation'],
    registers,
  })
  return {
    signIn: (result) => signIns.inc({ result }),
    addressRefused: (operation) => addressRefusals.inc({ operation }),
  }
}

function createAuditMetrics(registry: Registry): Pick<Metrics, 'auditSealed' | 'auditOldestUnsealed'> {
  const registers = [registry]
  const auditRows = new Counter({
    name: 'rekey_audit_rows_sealed_total',
    help: 'Audit rows sealed into the chain by this process',
    registers,
  })
  const auditAge = new Gauge({
    name: 'rekey_audit_oldest_unsealed_seconds',
    help: 'Age of the oldest audit row that is not sealed',
    registers,
  })
  return {
    auditSealed: (rows) => auditRows.inc(rows),
    auditOldestUnsealed: (ageMs) => auditAge.set(ageMs / 1_000),
  }
}

function createHashMetrics(registers: Registry[]): Pick<Metrics, 'hashQueued' | 'hashRefused'> {
  const queue = new Gauge({
    name: 'rekey_hash_queue_length',
    help: 'Hashes that wait, by lane',
    labelNames: ['lane'],
    registers,
  })
  const refused = new Counter({
    name: 'rekey_hashes_refused_total',
    help: 'Hashes for which there was no place, by lane',
    labelNames: ['lane'],
    registers,
  })
  return {
    hashQueued: (lane, length) => queue.set({ lane }, length),
    hashRefused: (lane) => refused.inc({ lane }),
  }
}

function createResetCounters(
  registers: Registry[],
): Pick<
  Metrics,
  'resetSettled' | 'resetStorm' | 'resetExpiredUnused' | 'accountFrozen' | 'usersWithoutPassword'
> {
  const resets = new Counter({
    name: 'rekey_resets_total',
    help: 'Resets by the state they settled in',
    labelNames: ['state', 'detail', 'channel'],
    registers,
  })
  const storms = new Counter({
    name: 'rekey_reset_storms_total',
    help: 'Third unused resets of a user in a day',
    registers,
  })
  const expiredUnused = new Counter({
    name: 'rekey_resets_expired_unused_total',
    help: 'Delivered passwords that ran out unused: their users had none until the next reset',
    labelNames: ['channel'],
    registers,
  })
  const frozen = new Counter({
    name: 'rekey_accounts_frozen_total',
    help: 'Accounts frozen because their owner says that a reset or a changed password was not theirs',
    labelNames: ['about'],
    registers,
  })
  const withoutPassword = new Gauge({
    name: 'rekey_users_without_password',
    help: 'Enabled users who have no password and need a reset, of all tenants; looked at once a minute, up to 100,000',
    registers,
  })
  return {
    usersWithoutPassword: (count) => withoutPassword.set(count),
    resetSettled: (state, detail, channel) => resets.inc({ state, detail: detail ?? 'none', channel }),
    resetStorm: () => storms.inc(),
    accountFrozen: (about) => frozen.inc({ about }),
    resetExpiredUnused: (channel) => expiredUnused.inc({ channel }),
  }
}
