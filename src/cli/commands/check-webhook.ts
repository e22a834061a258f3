import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { ProbeStep } from '../../messaging/gateway-probe.ts'
import type { Store } from '../../store/store.ts'
import { findTenant } from '../find-subject.ts'
import { findWebhook } from '../find-webhook.ts'
import { withOperatorApp } from '../open-operator-app.ts'
import { presentSteps, stepAsJson } from '../present-steps.ts'

interface Options {
  readonly tenant?: string
  readonly json?: boolean
}

export function registerCheckWebhook(program: Command): void {
  program
    .command('check-webhook')
    .description('try a webhook step by step: DNS, connect, a signed test event')
    .argument('<name>', 'the name of the webhook in the tenant file')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
The event "webhook.test" leaves once; it is on record, and counts as no delivery. It tries what is stored: run "rekey apply" first after a change.
Exit code: 0 every step passed, 1 one failed.

Examples:
  rekey check-webhook hr
  rekey check-webhook hr --tenant acme --json`,
    )
    .action(async (name: string, _options, command: Command) => {
      process.exitCode = await check(name, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant or webhook */
async function check(name: string, options: Options): Promise<0 | 1> {
  return await withOperatorApp(process.env, async (app) => {
    const tenant = await findTenant(app.store, options.tenant)
    const webhook = await findWebhook(app.store, tenant, name)
    const steps = await app.checkWebhook(webhook)
    const isOk = steps.every((step) => step.outcome !== 'failed')
    await recordTest(app.store, { tenantId: tenant.id, name, steps })
    if (options.json === true) {
      const report = { ok: isOk, tenant: tenant.code, webhook: name, off: webhook.off !== undefined }
      console.log(JSON.stringify({ ...report, steps: steps.map(stepAsJson) }, undefined, 2))
    } else {
      const off =
        webhook.off === undefined ? '' : `, switched off: "rekey enable-webhook ${name}" lets events go on`
      const end = isOk
        ? 'All steps passed. The receiver took the test event.'
        : 'The step marked ✗ failed; what comes after it was not tried.'
      console.log([`Webhook ${name}${off}`, ...presentSteps(steps), end].join('\n'))
    }
    return isOk ? 0 : 1
  })
}

async function recordTest(
  store: Pick<Store, 'transaction'>,
  p: { readonly tenantId: string; readonly name: string; readonly steps: readonly ProbeStep[] },
): Promise<void> {
  const failed = p.steps.find((step) => step.outcome === 'failed')
  await store.transaction(({ audit }) =>
    audit.append({
      tenantId: p.tenantId,
      action: 'webhook.tested',
      actor: { kind: 'operator', id: undefined },
      targetKind: 'webhook',
      targetId: p.name,
      requestId: randomUUID(),
      detail: failed === undefined ? { outcome: 'taken' } : { outcome: 'failed', failedStep: failed.name },
    }),
  )
}
