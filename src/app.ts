import { createApplyTools, createCore, createImportTools } from './app-core.ts'
import { startJobs } from './app-jobs.ts'
import { type AppOptions, createHashing, createJudges, createResetDeps, type Parts } from './app-parts.ts'
import { loadMasterKey } from './config/master-key.ts'
import { type Clock, SECOND_MS, systemClock } from './core/clock.ts'
import type { Core } from './core/core.ts'
import type { ImportDeps } from './core/imports/import-rows.ts'
import { newId } from './core/new-id.ts'
import type { PasswordHasher } from './core/password/password-hasher.ts'
import type { BreachJudge } from './core/password/password-judges.ts'
import { type RandomBytes, systemRandomBytes } from './core/randomness.ts'
import type { ResetDeps } from './core/reset/reset-deps.ts'
import type { PeriodicJob } from './core/run-periodically.ts'
import type { ApplyTools } from './core/tenant-file/apply-tools.ts'
import type { Tenant } from './core/tenants/tenant.ts'
import { createTenantDirectory } from './core/tenants/tenant-directory.ts'
import { readSecrets } from './core/webhooks/send-webhooks.ts'
import { payloadOf } from './core/webhooks/walk-record.ts'
import type { Webhook } from './core/webhooks/webhook.ts'
import { TEST_EVENT } from './core/webhooks/webhook-event.ts'
import { createHttpServer } from './http/server.ts'
import { checkGateway } from './messaging/check-gateway.ts'
import type { ProbeStep } from './messaging/gateway-probe.ts'
import { previewTemplate, type TemplatePreview } from './messaging/preview-template.ts'
import { checkWebhook } from './messaging/webhooks/check-webhook.ts'
import { createEventPoster } from './messaging/webhooks/create-event-poster.ts'
import { createHealth } from './observability/health.ts'
import { createLogger, type Logger } from './observability/logger.ts'
import { createMetrics } from './observability/metrics.ts'
import { createSite } from './pages/create-site.ts'
import { connectStore } from './store/connect.ts'
import { createSeal, type Seal } from './store/seal.ts'
import type { GatewayRow, Store } from './store/store.ts'

export type { AppOptions } from './app-parts.ts'

/** A graceful stop waits this long for what is in flight; the rest is recovery's. */
const STOP_WITHIN_MS = 10 * SECOND_MS

export interface App {
  readonly store: Store
  readonly seal: Seal
  readonly hasher: PasswordHasher
  readonly clock: Clock
  readonly random: RandomBytes
  /** Undefined: there is no source of breached passwords. */
  readonly breaches: BreachJudge | undefined
  readonly core: Core
  /** What `apply` works with. */
  readonly applyTools: ApplyTools
  /** What imports of users work with. */
  readonly importTools: ImportDeps
  /** Tries a gateway step by step; with `to` a test message leaves at the end. */
  checkGateway(row: GatewayRow, to: string | undefined): Promise<readonly ProbeStep[]>
  /** Tries a webhook step by step; a signed test event leaves at the end. */
  checkWebhook(webhook: Webhook): Promise<readonly ProbeStep[]>
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
    ...(options.onStatement === undefined ? {} : { onStatement: options.onStatement }),
  })
  const metrics = createMetrics()
  const { hasher, hashUpgrades } = createHashing({ ...options, random, logger, store, metrics })
  const judges = createJudges(settings, logger)
  const parts = { ...options, clock, random, logger, seal, store, metrics, hasher, hashUpgrades, judges }
  const resetDeps = createResetDeps(parts)
  const core = createCore(parts, resetDeps)
  const server = createServer(parts, core)
  const jobs: PeriodicJob[] = []
  return {
    store,
    seal,
    hasher,
    clock,
    random,
    breaches: judges.breaches,
    core,
    applyTools: createApplyTools(parts, core),
    importTools: createImportTools(parts),
    checkGateway: (row, to) =>
      checkGateway({ isSealed: seal.isSealed, openSecret: seal.open, clock }, row, to),
    checkWebhook: (webhook) => tryWebhook(parts, webhook),
    previewTemplate: (tenant, p) =>
      previewTemplate({ store, publicUrl: settings.publicUrl, now: clock.now }, tenant, p),
    logger,
    async listen() {
      jobs.push(...(await startJobs(parts, resetDeps, core)))
      const url = await server.listen({ host: settings.host, port: settings.port })
      return { url }
    },
    close: () => closeApp(parts, resetDeps, server, jobs),
  }
}

async function tryWebhook(
  { clock, random, seal, settings }: Pick<Parts, 'clock' | 'random' | 'seal' | 'settings'>,
  webhook: Webhook,
): Promise<readonly ProbeStep[]> {
  const privateHosts = settings.webhookPrivateHosts
  const post = createEventPoster({ clock, privateHosts })
  const deps = { clock, post, privateHosts }
  return await checkWebhook(
    { ...deps, readSecrets: (one) => readSecrets({ openSecret: seal.open }, one) },
    webhook,
    {
      id: newId(clock.now(), random),
      payload: payloadOf(TEST_EVENT, clock.now(), { webhook: webhook.name }),
    },
  )
}

/** What is reached over HTTP: the API, the employees' pages, and what the options add. */
function createServer(parts: Parts, core: Core): ReturnType<typeof createHttpServer> {
  const { settings, store, clock, random, logger, metrics, seal } = parts
  const mac = (purpose: string, value: string) => seal.mac(purpose, value)
  return createHttpServer({
    core,
    tenants: createTenantDirectory(store, clock),
    logger,
    metrics,
    health: createHealth(store, clock),
    trustProxy: settings.trustProxy,
    strictAnswers: parts.strictAnswers ?? false,
    site: createSite({ core, random, mac, ...(parts.demo === undefined ? {} : { demo: parts.demo }) }),
    ...(parts.onUndeclaredAnswer === undefined ? {} : { onUndeclaredAnswer: parts.onUndeclaredAnswer }),
    ...(settings.apiReference === 'on' ? { reference: { ...parts.reference } } : {}),
    ...(parts.extraRoutes === undefined ? {} : { extraRoutes: parts.extraRoutes }),
  })
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
