import { availableParallelism } from 'node:os'
import { createBreachJudge } from './breaches/create-breach-judge.ts'
import type { Settings } from './config/schema.ts'
import type { Clock } from './core/clock.ts'
import { createPasswordHasher } from './core/password/create-password-hasher.ts'
import { type ClosableStrengthJudge, createStrengthJudge } from './core/password/create-strength-judge.ts'
import type { PasswordHasher } from './core/password/password-hasher.ts'
import type { PasswordJudges } from './core/password/password-judges.ts'
import type { RandomBytes } from './core/randomness.ts'
import type { ResetDeps } from './core/reset/reset-deps.ts'
import { createSharedResets } from './core/reset/share-reset.ts'
import { Secret } from './core/secret.ts'
import { createHashUpgrades, type HashUpgrades } from './core/signin/upgrade-hash.ts'
import type { HttpDeps } from './http/http-deps.ts'
import type { Mailbox } from './messaging/gateways/mailbox.ts'
import { createMessageSender } from './messaging/send-message.ts'
import type { createLogger, Logger } from './observability/logger.ts'
import type { Metrics } from './observability/metrics.ts'
import { recordSettled } from './observability/record-settled.ts'
import type { Seal } from './store/seal.ts'
import type { Store } from './store/store.ts'

export interface AppOptions {
  readonly settings: Settings
  readonly clock?: Clock
  readonly random?: RandomBytes
  /** `never` leaves an older embedded database as it is; default: brought to this version. */
  readonly migrate?: 'automatic' | 'never'
  /** The demo's: only with it does a gateway of kind `mailbox` exist. */
  readonly mailbox?: Mailbox
  /** Of new salts instead of the settings'; for tests: no minimum holds here. */
  readonly hashParameters?: string
  /** Crash tests end the process here. */
  readonly reached?: ResetDeps['reached']
  /** And here, with events handed over whose outcome is not on record yet. */
  readonly webhookHandedOver?: () => void | Promise<void>
  /** Sees the text of every statement, without its values: tests ask the database for its plans. */
  readonly onStatement?: (sql: string) => void
  /** An answer that its route did not declare becomes a 500. */
  readonly strictAnswers?: boolean
  readonly onUndeclaredAnswer?: (note: string) => void
  /** Instead of standard output. */
  readonly logDestination?: Parameters<typeof createLogger>[0]['destination']
  /** How the API reference is served, where the settings want one. */
  readonly reference?: HttpDeps['reference']
  /** Where the demo's mailbox is, for its sign-in page. */
  readonly demo?: { readonly mailboxPath: string }
  /** Pages outside the API: the demo's mailbox. */
  readonly extraRoutes?: HttpDeps['extraRoutes']
}

/** What the rest is put together from. */
export type Parts = AppOptions & {
  readonly clock: Clock
  readonly random: RandomBytes
  readonly logger: Logger
  readonly seal: Seal
  readonly store: Store
  readonly metrics: Metrics
  readonly hasher: PasswordHasher
  readonly hashUpgrades: HashUpgrades
  readonly judges: PasswordJudges & { readonly strength: ClosableStrengthJudge }
}

export function createHashing(
  parts: AppOptions & Pick<Parts, 'random' | 'logger' | 'store' | 'metrics'>,
): Pick<Parts, 'hasher' | 'hashUpgrades'> {
  const { settings, random, logger, store, metrics } = parts
  const hasher = createPasswordHasher({
    random,
    concurrencyMax: availableParallelism(),
    queueMax: settings.hashQueueMax,
    onQueueLength: metrics.hashQueued,
    onRefused: metrics.hashRefused,
    parameters: parts.hashParameters ?? settings.hashParameters,
  })
  const onSkipped = ({ userId, cause }: { readonly userId: string; readonly cause?: unknown }) =>
    logger.debug({ userId, err: cause }, 'a hash was not upgraded')
  return { hasher, hashUpgrades: createHashUpgrades({ store, hasher, onSkipped }) }
}

export function createJudges(settings: Settings, logger: Logger): Parts['judges'] {
  const source = settings.breachedPasswordsSource
  const onBreachTrouble = (cause: unknown) =>
    logger.error({ err: cause }, 'breached passwords cannot be read')
  return {
    strength: createStrengthJudge({ onTrouble: (note) => logger.error(note) }),
    breaches: source === undefined ? undefined : createBreachJudge(source, { onTrouble: onBreachTrouble }),
  }
}

export function createResetDeps(parts: Parts): ResetDeps {
  const { settings, clock, random, logger, seal, store, metrics, hasher } = parts
  return {
    store,
    hasher,
    clock,
    random,
    sender: createMessageSender({
      store,
      clock,
      openSecret: (sealed, context) => seal.open(sealed, context),
      isSealed: (text) => seal.isSealed(text),
      onAttempt: (outcome) => metrics.gatewayAttempt(outcome),
      log: logger,
      ...(parts.mailbox === undefined ? {} : { mailbox: parts.mailbox }),
    }),
    mac: (purpose, value) => seal.mac(purpose, value),
    sealAddress: sealerOf(seal),
    publicUrl: settings.publicUrl,
    shared: createSharedResets(clock),
    callDeadlineMs: settings.resetCallDeadlineMs,
    leaseGraceMs: settings.resetLeaseGraceMs,
    onSettled: (reset) => recordSettled(logger, metrics, reset),
    onStorm: ({ id, userId }) => {
      metrics.resetStorm()
      logger.warn({ resetId: id, userId }, 'a user was sent password after password without using one')
    },
    onTrouble: ({ resetId, cause }) => logger.error({ resetId, err: cause }, 'a reset met trouble'),
    reached: parts.reached ?? (() => undefined),
  }
}

export function sealerOf(seal: Seal): ResetDeps['sealAddress'] {
  return (address, context) => seal.seal(new Secret(address), context)
}
