import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { findTenant } from '../find-subject.ts'
import { findWebhook } from '../find-webhook.ts'
import { withOperatorApp } from '../open-operator-app.ts'

interface Options {
  readonly tenant?: string
  readonly json?: boolean
}

export function registerEnableWebhook(program: Command): void {
  program
    .command('enable-webhook')
    .description('switch a webhook on again whose receiver had answered 410 Gone')
    .argument('<name>', 'the name of the webhook in the tenant file')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
It goes on where it stopped: what happened meanwhile is sent. Another url in the tenant file switches it on too. On record.

Examples:
  rekey enable-webhook hr
  rekey enable-webhook hr --tenant acme --json`,
    )
    .action(async (name: string, _options, command: Command) => {
      await enable(name, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant or webhook */
async function enable(name: string, options: Options): Promise<void> {
  await withOperatorApp(process.env, async ({ store }) => {
    const tenant = await findTenant(store, options.tenant)
    const webhook = await findWebhook(store, tenant, name)
    const requestId = randomUUID()
    const hasChanged = await store.transaction(async ({ webhooks, audit }) => {
      const isOn = await webhooks.switchOn(webhook)
      if (isOn) {
        await audit.append({
          tenantId: tenant.id,
          action: 'webhook.enabled',
          actor: { kind: 'operator', id: undefined },
          targetKind: 'webhook',
          targetId: name,
          requestId,
          detail: {},
        })
      }
      return isOn
    })
    console.log(
      options.json === true
        ? JSON.stringify({
            ...{ ok: true, tenant: tenant.code, webhook: name },
            ...{ changed: hasChanged, request_id: requestId },
          })
        : hasChanged
          ? `Webhook ${name} is on: what waits is sent.`
          : `Webhook ${name} was on already: nothing to do.`,
    )
  })
}
