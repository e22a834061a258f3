import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { resendDelivery, resendGivenUp } from '../../core/webhooks/resend-delivery.ts'
import { ApiError } from '../../errors/api-error.ts'
import { CommandError } from '../command-error.ts'
import { findTenant } from '../find-subject.ts'
import { findWebhook } from '../find-webhook.ts'
import { withOperatorApp } from '../open-operator-app.ts'

interface Options {
  readonly tenant?: string
  readonly allGivenUp?: string
  readonly json?: boolean
}

export function registerResendWebhook(program: Command): void {
  program
    .command('resend-webhook')
    .description('send events to a webhook again that no attempt could deliver, with the same ids')
    .argument('[id...]', 'ids of deliveries, as "rekey list-webhooks --given-up" shows them')
    .option('--all-given-up <name>', 'everything that this webhook was not delivered')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
A running server sends them within a second, from the first attempt on. On record.

Examples:
  rekey resend-webhook 20201028102855012-19D4-7FA03C6B1
  rekey resend-webhook --all-given-up hr --json`,
    )
    .action(async (ids: readonly string[], _options, command: Command) => {
      await resend(ids, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant, webhook or delivery */
async function resend(ids: readonly string[], options: Options): Promise<void> {
  if ((ids.length === 0) === (options.allGivenUp === undefined)) {
    throw new CommandError('Say either ids of deliveries or --all-given-up NAME.')
  }
  await withOperatorApp(process.env, async ({ store }) => {
    const tenant = await findTenant(store, options.tenant)
    const requestId = randomUUID()
    const by = { tenantId: tenant.id, actor: { kind: 'operator', id: undefined }, requestId } as const
    let count = 0
    if (options.allGivenUp !== undefined) {
      const { name } = await findWebhook(store, tenant, options.allGivenUp)
      count = await resendGivenUp(store, { ...by, webhook: name })
    }
    const unknown: string[] = []
    for (const deliveryId of ids) {
      try {
        await resendDelivery(store, { ...by, deliveryId })
        count += 1
      } catch (error) {
        if (!(error instanceof ApiError)) {
          throw error
        }
        unknown.push(deliveryId)
      }
    }
    if (unknown.length > 0) {
      throw new CommandError(`${count} will be sent again. These deliveries do not exist:`, {
        problems: unknown,
      })
    }
    console.log(
      options.json === true
        ? JSON.stringify({ ok: true, tenant: tenant.code, resent: count, request_id: requestId })
        : `${count === 1 ? '1 event' : `${count} events`} will be sent again.`,
    )
  })
}
