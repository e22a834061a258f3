import type { Command } from 'commander'
import { formatTime } from '../../core/tenants/format-time.ts'
import type { Tenant } from '../../core/tenants/tenant.ts'
import { DELIVERIES_COUNTED_MAX } from '../../core/webhooks/measure-webhooks.ts'
import type { Delivery, Webhook } from '../../core/webhooks/webhook.ts'
import type { DeliveryCounts } from '../../store/webhook-store.ts'
import { findTenant } from '../find-subject.ts'
import { fitLine } from '../fit-line.ts'
import { withOperatorApp } from '../open-operator-app.ts'

const GIVEN_UP_LISTED_MAX = 1_000

interface Options {
  readonly tenant?: string
  readonly givenUp?: boolean
  readonly json?: boolean
}

export function registerListWebhooks(program: Command): void {
  program
    .command('list-webhooks')
    .description('show webhooks: the last success, what waits, what was given up and why')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .option('--given-up', 'list the events that no attempt could deliver, newest first, at most 1,000')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
Examples:
  rekey list-webhooks
  rekey list-webhooks --given-up
  rekey list-webhooks --tenant acme --given-up --json`,
    )
    .action(async (_options, command: Command) => {
      await show(command.optsWithGlobals<Options>())
    })
}

interface Listed {
  readonly webhook: Webhook
  readonly counts: DeliveryCounts
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant */
async function show(options: Options): Promise<void> {
  await withOperatorApp(process.env, async ({ store }) => {
    const tenant = await findTenant(store, options.tenant)
    const listed: Listed[] = []
    for (const webhook of await store.read.webhooks.list(tenant.id)) {
      listed.push({
        webhook,
        counts: await store.read.webhookDeliveries.count(webhook, DELIVERIES_COUNTED_MAX),
      })
    }
    const page = { pageIndex: 0, pageSize: GIVEN_UP_LISTED_MAX }
    const givenUp =
      options.givenUp === true
        ? (await store.read.webhookDeliveries.listPage(tenant.id, 'given_up', page)).deliveries
        : undefined
    console.log(
      options.json === true
        ? JSON.stringify(asJson(tenant, listed, givenUp), undefined, 2)
        : present(tenant, listed, givenUp).join('\n'),
    )
  })
}

function asJson(tenant: Tenant, listed: readonly Listed[], givenUp: readonly Delivery[] | undefined): object {
  const time = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString())
  return {
    tenant: tenant.code,
    webhooks: listed.map(({ webhook, counts }) => ({
      name: webhook.name,
      url: webhook.url,
      events: webhook.events,
      off_since: time(webhook.off?.at),
      off_reason: webhook.off?.reason ?? null,
      last_success_at: time(webhook.lastSuccessAt),
      last_failure_at: time(webhook.lastFailure?.at),
      last_failure: webhook.lastFailure?.reason ?? null,
      waiting: counts.waiting,
      oldest_waiting_at: time(counts.oldestWaitingAt),
      given_up: counts.givenUp,
      audit_rows_missed: webhook.missedRows,
    })),
    ...(givenUp === undefined
      ? {}
      : {
          given_up: givenUp.map((delivery) => ({
            id: delivery.id,
            webhook: delivery.webhook,
            event: delivery.event,
            occurred_at: time(delivery.occurredAt),
            attempts: delivery.attempts,
            last_attempt_at: time(delivery.lastAttemptAt),
            last_status: delivery.lastStatus ?? null,
            last_reason: delivery.lastReason ?? null,
          })),
        }),
  }
}

function present(
  tenant: Tenant,
  listed: readonly Listed[],
  givenUp: readonly Delivery[] | undefined,
): readonly string[] {
  if (listed.length === 0) {
    return [`Tenant ${tenant.code} has no webhook.`]
  }
  const lines = [
    ...listed.flatMap((one) => presentOne(tenant, one)),
    ...(givenUp ?? []).map((delivery) => presentGivenUp(tenant, delivery)),
  ]
  const isAnyGivenUp = listed.some(({ counts }) => counts.givenUp > 0)
  return [
    ...lines.map((line) => fitLine(line, 200)),
    ...(givenUp !== undefined && givenUp.length > 0
      ? ['Send again with: rekey resend-webhook ID, or --all-given-up NAME']
      : isAnyGivenUp
        ? ['Add --given-up to list the events that were given up.']
        : []),
  ]
}

function presentOne(tenant: Tenant, { webhook, counts }: Listed): readonly string[] {
  const time = (at: number) => formatTime(at, tenant.timeZone).slice(0, 19)
  const oldest =
    counts.oldestWaitingAt === undefined ? '' : `, the oldest since ${time(counts.oldestWaitingAt)}`
  return [
    `${webhook.name}  ${webhook.url}  (${webhook.events.join(', ')})`,
    ...(webhook.off === undefined
      ? []
      : [
          `  ✗ switched off since ${time(webhook.off.at)} (${webhook.off.reason}): "rekey enable-webhook ${webhook.name}"`,
        ]),
    `  last success ${webhook.lastSuccessAt === undefined ? 'never' : time(webhook.lastSuccessAt)}`,
    ...(webhook.lastFailure === undefined
      ? []
      : [`  last failure ${time(webhook.lastFailure.at)}: ${webhook.lastFailure.reason}`]),
    `  ${counts.waiting} waiting${oldest}; ${counts.givenUp} given up`,
    ...(webhook.missedRows === 0
      ? []
      : [`  ✗ ${webhook.missedRows} audit rows were removed by retention before it was told of them`]),
  ]
}

function presentGivenUp(tenant: Tenant, delivery: Delivery): string {
  const status = delivery.lastStatus === undefined ? '' : ` ${delivery.lastStatus}`
  const at = formatTime(delivery.occurredAt, tenant.timeZone).slice(0, 19)
  return `  ${delivery.id}  ${delivery.webhook}  ${delivery.event}  ${at}  ${delivery.lastReason ?? 'unknown'}${status}`
}
