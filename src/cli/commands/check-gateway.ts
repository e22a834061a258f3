import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { Tenant } from '../../core/tenants/tenant.ts'
import { isEmailAddress } from '../../core/users/is-email-address.ts'
import type { ProbeStep } from '../../messaging/gateway-probe.ts'
import type { GatewayRow, Store } from '../../store/store.ts'
import { CommandError } from '../command-error.ts'
import { findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'
import { presentSteps, stepAsJson } from '../present-steps.ts'

interface Options {
  readonly tenant?: string
  readonly to?: string
  readonly json?: boolean
}

export function registerCheckGateway(program: Command): void {
  program
    .command('check-gateway')
    .description('try a gateway step by step: DNS, connect, TLS, authentication, sender, test message')
    .argument('<name>', 'the name of the gateway in the tenant file')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .option('--to <address>', 'send a test message to this e-mail address, or mobile number with +')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
Without --to no message leaves; with it the test is on record, without the address. It tries what is stored: run "rekey apply" first after a change.
Exit code: 0 every step passed, 1 one failed.

Examples:
  rekey check-gateway mail
  rekey check-gateway mail --to me@acme.example
  rekey check-gateway sms --tenant acme --to +8613800000001 --json`,
    )
    .action(async (name: string, _options, command: Command) => {
      process.exitCode = await check(name, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant or gateway, or a wrong address */
async function check(name: string, options: Options): Promise<0 | 1> {
  return await withOperatorApp(process.env, async (app) => {
    const tenant = await findTenant(app.store, options.tenant)
    const row = await findGateway(app.store, tenant, name)
    const steps = await app.checkGateway(row, readAddress(row, options.to))
    const isOk = steps.every((step) => step.outcome !== 'failed')
    if (options.to !== undefined) {
      await recordTest(app.store, row, steps)
    }
    if (options.json === true) {
      const report = {
        ok: isOk,
        tenant: tenant.code,
        gateway: row.name,
        kind: row.kind,
        channel: row.channel,
      }
      console.log(
        JSON.stringify({ ...report, disabled: row.disabled, steps: steps.map(stepAsJson) }, undefined, 2),
      )
    } else {
      console.log(present(row, steps, isOk, options.to).join('\n'))
    }
    return isOk ? 0 : 1
  })
}

/** On record: a message may have left to an address that no user has. Which one it was is not kept. */
async function recordTest(
  store: Pick<Store, 'transaction'>,
  { tenantId, name, channel }: GatewayRow,
  steps: readonly ProbeStep[],
): Promise<void> {
  const failed = steps.find((step) => step.outcome === 'failed')
  await store.transaction((repositories) =>
    repositories.audit.append({
      tenantId,
      action: 'gateway.tested',
      actor: { kind: 'operator', id: undefined },
      targetKind: 'gateway',
      targetId: name,
      requestId: randomUUID(),
      detail: {
        gateway: name,
        channel,
        outcome: failed === undefined ? 'accepted' : 'failed',
        ...(failed === undefined ? {} : { failedStep: failed.name }),
      },
    }),
  )
}

async function findGateway(store: Pick<Store, 'read'>, tenant: Tenant, name: string): Promise<GatewayRow> {
  const rows = await store.read.gateways.list(tenant.id)
  const found = rows.find((row) => row.name === name)
  if (found === undefined) {
    throw new CommandError(
      rows.length === 0
        ? `Tenant ${tenant.code} has no gateway: add one to its tenant file, and run "rekey apply".`
        : `There is no gateway "${name}" in tenant ${tenant.code}. There is:`,
      { problems: rows.map((row) => `${row.name}  (${row.channel}, ${row.kind})`) },
    )
  }
  return found
}

/** As the channel wants it. */
function readAddress({ channel }: GatewayRow, to: string | undefined): string | undefined {
  if (to === undefined) {
    return undefined
  }
  const address = channel === 'SMS' ? to.replace(/[\s().-]/g, '') : to
  if (channel === 'SMS' ? !/^\+\d{6,15}$/.test(address) : !isEmailAddress(address)) {
    const wanted = channel === 'SMS' ? 'a mobile number such as +8613800000001' : 'an e-mail address'
    throw new CommandError(`--to must be ${wanted}: this gateway sends ${channel}.`)
  }
  return address
}

function present(
  row: GatewayRow,
  steps: readonly ProbeStep[],
  isOk: boolean,
  to: string | undefined,
): readonly string[] {
  const passed =
    to === undefined
      ? 'No message was sent: add --to ADDRESS to send a test.'
      : 'The test message was accepted.'
  return [
    `Gateway ${row.name} (${row.channel}, ${row.kind})${row.disabled ? ', disabled: no reset uses it' : ''}`,
    ...presentSteps(steps),
    isOk ? `All steps passed. ${passed}` : 'The step marked ✗ failed; what comes after it was not tried.',
  ]
}
