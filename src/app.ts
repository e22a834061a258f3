import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { createBreachJudge } from './breaches/create-breach-judge.ts'
import { loadMasterKey } from './config/master-key.ts'
import type { Settings } from './config/schema.ts'
import { startAuditJobs } from './core/audit/audit-jobs.ts'
import { type Clock, SECOND_MS, systemClock } from './core/clock.ts'
import type { Core } from './core/core.ts'
import { startNoticeJob } from './core/notices/notice-job.ts'
import { bindOrganizationCalls } from './core/organizations/bind-organization-calls.ts'
import { createPasswordHasher } from './core/password/create-password-hasher.ts'
import { type ClosableStrengthJudge, createStrengthJudge } from './core/password/create-strength-judge.ts'
import type { PasswordHasher } from './core/password/password-hasher.ts'
import type { PasswordJudges } from './core/password/password-judges.ts'
import { recordRefusedChanges } from './core/permissions/record-refused-changes.ts'
import { type RandomBytes, systemRandomBytes } from './core/randomness.ts'
import { recoverResets } from './core/reset/recover-resets.ts'
import type { ResetDeps } from './core/reset/reset-deps.ts'
import { resetPassword } from './core/reset/reset-password.ts'
import { createSharedResets } from './core/reset/share-reset.ts'
import { type PeriodicJob, runPeriodically } from './core/run-periodically.ts'
import { Secret } from './core/secret.ts'
import { createAddressLimit } from './core/signin/address-limit.ts'
import { changeOwnPassword } from './core/signin/change-own-password.ts'
import { createSignInApplicationFinder } from './core/signin/find-sign-in-application.ts'
import { signIn } from './core/signin/sign-in.ts'
import { skipPasswordUpdate } from './core/signin/skip-password-update.ts'
import { updateExpiredPassword } from './core/signin/update-expired-password.ts'
import { createHashUpgrades, type HashUpgrades } from './core/signin/upgrade-hash.ts'
import { sweepExpired } from './core/sweep-expired.ts'
import type { ApplyTools } from './core/tenant-file/apply-tools.ts'
import type { Tenant } from './core/tenants/tenant.ts'
import { createTenantDirectory } from './core/tenants/tenant-directory.ts'
import { createAccessTokenAuthenticator } from './core/tokens/authenticate-access-token.ts'
import { createIdTokenSigner } from './core/tokens/create-id-token-signer.ts'
import { issueAccessToken } from './core/tokens/issue-access-token.ts'
import { disableUser, enableUser } from './core/users/change-user-state.ts'
import { findUser, findUserByUserName } from './core/users/find-user.ts'
import { listUsers } from './core/users/list-users.ts'
import type { HttpDeps } from './http/http-deps.ts'
import { createHttpServer } from './http/server.ts'
import { checkGateway } from './messaging/check-gateway.ts'
import { sealContext, sealSettings, validateGatewaySettings } from './messaging/gateway-kinds.ts'
import type { ProbeStep } from './messaging/gateway-probe.ts'
import type { Mailbox } from './messaging/gateways/mailbox.ts'
import { measureLongestSms } from './messaging/measure-longest-sms.ts'
import { previewTemplate, type TemplatePreview } from './messaging/preview-template.ts'
import { createMessageSender } from './messaging/send-message.ts'
import { validateTemplate } from './messaging/validate-template.ts'
import { countSignIn } from './observability/count-sign-in.ts'
import { createHealth } from './observability/health.ts'
import { createLogger, type Logger } from './observability/logger.ts'
import { createMetrics, type Metrics } from './observability/metrics.ts'
import { recordSettled } from './observability/record-settled.ts'
import { connectStore } from './store/connect.ts'
import { createSeal, type Seal } from './store/seal.ts'
import type { GatewayRow, Store } from './store/store.ts'

/** How often each node looks for resets that a stopped process left behind: often beside a lease, at most this long. */
const RECOVER_INTERVAL_MS_MAX = 5 * SECOND_MS
/** And for rows whose time is over. */
const SWEEP_INTERVAL_MS = 60 * SECOND_MS
/** A graceful stop waits this long for what is in flight; the rest is recovery's. */
const STOP_WITHIN_MS = 10 * SECOND_MS

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
  /** An answer that its route did not declare becomes a 500. */
  readonly strictAnswers?: boolean
  readonly onUndeclaredAnswer?: (note: string) => void
  /** Instead of standard output. */
  readonly logDestination?: Parameters<typeof createLogger>[0]['destination']
  /** Pages outside the API: the demo's mailbox. */
  readonly extraRoutes?: HttpDeps['extraRoutes']
}

export interface App {
  readonly store: Store
  readonly seal: Seal
  readonly hasher: PasswordHasher
  readonly clock: Clock
  readonly random: RandomBytes
  readonly core: Core
  /** What `apply` works with. */
  readonly applyTools: ApplyTools
  /** Tries a gateway step by step; with `to` a test message leaves at the end. */
  checkGateway(row: GatewayRow, to: string | undefined): Promise<readonly ProbeStep[]>
  /** A message with sample values; undefined: its template is broken. */
  previewTemplate(
    tenant: Tenant,
    p: Parameters<typeof previewTemplate>[2],
  ): Promise<TemplatePreview | undefined>
  readonly logger: Logger
  /** Starts to answer, once resets that a stopped process left behind are looked after. */
  listen(): Promise<{ readonly url: string }>
  /** Takes no new work, gives what is in flight 10 s, then leaves the rest to recovery. */
  close(): Promise<void>
}

/**
 * Puts the parts together: the only file that knows everyone. The store is open afterwards; nothing listens yet.
 * @throws SettingsError, MasterKeyError, StoreUnavailableError with sentences for the operator
 */
export async function openApp(options: AppOptions): Promise<App> {
  const { settings, clock = systemClock, random = systemRandomBytes } = options
  const logger = createLogger({
    level: settings.logLevel,
    ...(options.logDestination === undefined ? {} : { destination: options.logDestination }),
  })
  const seal = createSeal(loadMasterKey(settings))
  const store = await connectStore(settings.databaseUrl.reveal(), {
    clock,
    migrate: options.migrate ?? 'automatic',
    connectionsMax: settings.databaseConnectionsMax,
  })
  const metrics = createMetrics()
  const { hasher, hashUpgrades } = createHashing({ ...options, random, logger, store, metrics })
  const judges = createJudges(settings, logger)
  const parts = { ...options, clock, random, logger, seal, store, metrics, hasher, hashUpgrades, judges }
  const resetDeps = createResetDeps(parts)
  const core = createCore(parts, resetDeps)
  const server = createHttpServer({
    core,
    tenants: createTenantDirectory(store, clock),
    logger,
    metrics,
    health: createHealth(store, clock),
    trustProxy: settings.trustProxy,
    strictAnswers: options.strictAnswers ?? false,
    ...(options.onUndeclaredAnswer === undefined ? {} : { onUndeclaredAnswer: options.onUndeclaredAnswer }),
    ...(options.extraRoutes === undefined ? {} : { extraRoutes: options.extraRoutes }),
  })
  const jobs: PeriodicJob[] = []
  return {
    store,
    seal,
    hasher,
    clock,
    random,
    core,
    applyTools: createApplyTools(parts, core),
    checkGateway: (row, to) =>
      checkGateway({ isSealed: seal.isSealed, openSecret: seal.open, clock }, row, to),
    previewTemplate: (tenant, p) =>
      previewTemplate({ store, publicUrl: settings.publicUrl, now: clock.now }, tenant, p),
    logger,
    async listen() {
      jobs.push(...(await startJobs(parts, resetDeps)))
      const url = await server.listen({ host: settings.host, port: settings.port })
      return { url }
    },
    close: () => closeApp(parts, resetDeps, server, jobs),
  }
}

type Parts = AppOptions & {
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

function createHashing(
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

function createJudges(settings: Settings, logger: Logger): Parts['judges'] {
  const source = settings.breachedPasswordsSource
  const onBreachTrouble = (cause: unknown) =>
    logger.error({ err: cause }, 'breached passwords cannot be read')
  return {
    strength: createStrengthJudge({ onTrouble: (note) => logger.error(note) }),
    breaches: source === undefined ? undefined : createBreachJudge(source, { onTrouble: onBreachTrouble }),
  }
}

function createResetDeps(parts: Parts): ResetDeps {
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

function sealerOf(seal: Seal): ResetDeps['sealAddress'] {
  return (address, context) => seal.seal(new Secret(address), context)
}

function createCore(parts: Parts, resetDeps: ResetDeps): Core {
  const { settings, clock, random, seal, store, hasher, hashUpgrades, judges } = parts
  const signer = createIdTokenSigner({ store, seal, clock, random, publicUrl: settings.publicUrl })
  const mac = (purpose: string, value: string) => seal.mac(purpose, value)
  const addresses = createAddressLimit(clock)
  const sealAddress = sealerOf(seal)
  const signInDeps = { store, hasher, judges, signer, random, mac, sealAddress, addresses, hashUpgrades }
  return {
    issueAccessToken: (call) => issueAccessToken({ store, clock, random, signer }, call),
    authenticate: createAccessTokenAuthenticator({ store, clock }),
    listPublicKeys: (tenant) => signer.publicKeys(tenant.id),
    findUser: (caller, userId) => findUser({ store }, caller, userId),
    findUserByUserName: (caller, userName) => findUserByUserName({ store }, caller, userName),
    listUsers: (caller, query) => listUsers({ store }, caller, query),
    ...bindOrganizationCalls({ store, random }),
    ...recordRefusedChanges(store, {
      enableUser: (caller, userId) => enableUser(store, caller, userId),
      disableUser: (caller, userId) => disableUser(store, caller, userId),
      resetPassword: (call) => resetPassword(resetDeps, call),
    }),
    findSignInApplication: createSignInApplicationFinder({ store, clock }),
    signIn: (call) => countSignIn(parts.metrics, signIn(signInDeps, call)),
    updateExpiredPassword: (call) => updateExpiredPassword(signInDeps, call),
    skipPasswordUpdate: (call) => skipPasswordUpdate(signInDeps, call),
    changeOwnPassword: (call) => changeOwnPassword(signInDeps, call),
  }
}

function createApplyTools(parts: Parts, core: Core): ApplyTools {
  const { store, seal, hasher, judges, clock, random } = parts
  return {
    store,
    seal,
    hasher,
    judges,
    clock,
    random,
    rules: {
      validateGatewaySettings: (kind, settings, { channel }) =>
        validateGatewaySettings(kind, settings, { channel, allowMailbox: parts.mailbox !== undefined }),
      validateTemplate,
      measureLongestSms,
      sealSettings,
      sealContext,
    },
    deliverInitialPassword: (call) => core.resetPassword({ ...call, applicationId: undefined }),
  }
}

/** Recovery runs before anything is answered, then on and on; a store that is away now is tried again by the next run. */
async function startJobs(parts: Parts, resetDeps: ResetDeps): Promise<readonly PeriodicJob[]> {
  const { store, logger } = parts
  const recover = () => recoverResets(store, resetDeps.onSettled)
  const onFailure = (cause: unknown) => logger.error({ err: cause }, 'a background job failed')
  await recover().catch(onFailure)
  const leaseMs = resetDeps.callDeadlineMs + resetDeps.leaseGraceMs
  return [
    runPeriodically(Math.min(RECOVER_INTERVAL_MS_MAX, leaseMs / 10), recover, onFailure),
    runPeriodically(SWEEP_INTERVAL_MS, () => sweepExpired(store), onFailure),
    startNoticeJob(
      {
        ...parts,
        sender: resetDeps.sender,
        publicUrl: parts.settings.publicUrl,
        openAddress: parts.seal.open,
        onNotice: parts.metrics.notice,
        onTrouble: ({ noticeId, cause }) => logger.error({ noticeId, err: cause }, 'a notice met trouble'),
      },
      onFailure,
    ),
    // last: what the others write as they stop is sealed too
    startAuditJobs({ ...parts, holder: randomUUID(), mac: parts.seal.mac, log: logger }),
  ]
}

async function closeApp(
  parts: Parts,
  resetDeps: ResetDeps,
  server: ReturnType<typeof createHttpServer>,
  jobs: readonly PeriodicJob[],
): Promise<void> {
  const finished = (async () => {
    await server.close()
    await resetDeps.shared.drain()
    await parts.hashUpgrades.settle()
    for (const job of jobs) {
      await job.stop()
    }
    await parts.judges.strength.close()
    await resetDeps.sender.close()
    await parts.store.close()
  })()
  // gateways and database are waited for no longer either: either may be what hangs
  const timer = new Promise<void>((resolve) => setTimeout(resolve, STOP_WITHIN_MS).unref())
  await Promise.race([finished, timer])
}
