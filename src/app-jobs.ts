import { randomUUID } from 'node:crypto'
import { type Parts, sealerOf } from './app-parts.ts'
import { startAuditJobs } from './core/audit/audit-jobs.ts'
import { SECOND_MS } from './core/clock.ts'
import { startCodeJob } from './core/codes/code-job.ts'
import type { Core } from './core/core.ts'
import { startFirstPasswordJob } from './core/imports/deliver-first-passwords.ts'
import { startNoticeJob } from './core/notices/notice-job.ts'
import { recoverResets } from './core/reset/recover-resets.ts'
import type { ResetDeps } from './core/reset/reset-deps.ts'
import { type PeriodicJob, runPeriodically } from './core/run-periodically.ts'
import { sweepExpired } from './core/sweep-expired.ts'
import { measureWebhooks } from './core/webhooks/measure-webhooks.ts'
import { startWebhookJob } from './core/webhooks/webhook-job.ts'
import { createEventPoster } from './messaging/webhooks/create-event-poster.ts'

/** How often each node looks for resets that a stopped process left behind: often beside a lease, at most this long. */
const RECOVER_INTERVAL_MS_MAX = 5 * SECOND_MS
/** And for rows whose time is over. */
const SWEEP_INTERVAL_MS = 60 * SECOND_MS
/** Nobody acts otherwise for more, and the count stays cheap. */
const USERS_COUNTED_MAX = 100_000

/** Recovery runs before anything is answered, then on and on; a store that is away now is tried again by the next run. */
export async function startJobs(
  parts: Parts,
  resetDeps: ResetDeps,
  core: Pick<Core, 'resetPassword'>,
): Promise<readonly PeriodicJob[]> {
  const { store, logger, metrics } = parts
  const recover = () => recoverResets(store, resetDeps.onSettled)
  const onFailure = (cause: unknown) => logger.error({ err: cause }, 'a background job failed')
  const countUsers = async () => {
    const users = await store.read.users.countWithoutPasswordOfAllTenants(USERS_COUNTED_MAX)
    metrics.usersWithoutPassword(users)
  }
  await recover().catch(onFailure)
  await countUsers().catch(onFailure)
  const leaseMs = resetDeps.callDeadlineMs + resetDeps.leaseGraceMs
  return [
    runPeriodically(Math.min(RECOVER_INTERVAL_MS_MAX, leaseMs / 10), recover, onFailure),
    runPeriodically(SWEEP_INTERVAL_MS, () => sweepExpired(store), onFailure),
    runPeriodically(SWEEP_INTERVAL_MS, countUsers, onFailure),
    startNoticeJob(
      {
        ...parts,
        sender: resetDeps.sender,
        publicUrl: parts.settings.publicUrl,
        mac: parts.seal.mac,
        openAddress: parts.seal.open,
        sealAddress: sealerOf(parts.seal),
        onNotice: metrics.notice,
        onTrouble: ({ noticeId, cause }) => logger.error({ noticeId, err: cause }, 'a notice met trouble'),
      },
      onFailure,
    ),
    startCodeJob(
      {
        ...parts,
        sender: resetDeps.sender,
        mac: parts.seal.mac,
        publicUrl: parts.settings.publicUrl,
        openAddress: parts.seal.open,
        onCode: parts.metrics.code,
        onTrouble: ({ codeRequestId, cause }) =>
          logger.error({ codeRequestId, err: cause }, 'sending a code met trouble'),
      },
      onFailure,
    ),
    startFirstPasswordJob(
      {
        store,
        resetPassword: core.resetPassword,
        newRequestId: randomUUID,
        onTrouble: ({ userId, cause }) =>
          logger.error({ userId, err: cause }, 'delivering a first password met trouble'),
      },
      onFailure,
    ),
    startWebhooks(parts, onFailure),
    runPeriodically(SWEEP_INTERVAL_MS, async () => metrics.webhooks(await measureWebhooks(store)), onFailure),
    // last: what the others write as they stop is sealed too
    startAuditJobs({ ...parts, holder: randomUUID(), mac: parts.seal.mac, log: logger }),
  ]
}

function startWebhooks(parts: Parts, onFailure: (cause: unknown) => void): PeriodicJob {
  const { clock, settings, logger, metrics } = parts
  return startWebhookJob(
    {
      ...parts,
      post: createEventPoster({ clock, privateHosts: settings.webhookPrivateHosts }),
      openSecret: parts.seal.open,
      handedOver: parts.webhookHandedOver ?? (() => undefined),
      onAttempt: metrics.webhookAttempt,
      onMissed: ({ webhook, rows }) => {
        metrics.webhookMissed(rows)
        logger.error(
          { tenantId: webhook.tenantId, webhook: webhook.name, rows },
          'retention removed audit rows before a webhook was told of them',
        )
      },
      onSwitchedOff: ({ tenantId, name }, reason) =>
        logger.error({ tenantId, webhook: name, reason }, 'a webhook was switched off'),
      onGivenUp: ({ tenantId, webhook, id, event }, reason) =>
        logger.warn({ tenantId, webhook, deliveryId: id, event, reason }, 'an event was given up'),
      onTrouble: ({ tenantId, webhook, cause }) =>
        logger.error({ tenantId, webhook, err: cause }, 'a webhook met trouble'),
    },
    onFailure,
  )
}
