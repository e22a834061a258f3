import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { Application } from '../../core/applications/application.ts'
import { stopResets } from '../../core/applications/stop-resets.ts'
import type { Tenant } from '../../core/tenants/tenant.ts'
import { isStorableText } from '../../core/users/is-storable-text.ts'
import type { Store } from '../../store/store.ts'
import { CommandError } from '../command-error.ts'
import { findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'

interface Options {
  readonly tenant?: string
  readonly json?: boolean
}

export function registerStopResets(program: Command): void {
  program
    .command('stop-resets')
    .description('stop the password resets of one application at once, on every server')
    .argument('<client-id>', 'the client id of the application')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
Its calls are answered MSG.0004 (application_stopped); resets already under way finish, everything else goes on.
It stays so, through "rekey apply" and restarts, until "rekey allow-resets". On record.

Examples:
  rekey stop-resets helpdesk
  rekey stop-resets helpdesk --tenant acme --json`,
    )
    .action(async (clientId: string, _options, command: Command) => {
      await change(clientId, true, command.optsWithGlobals<Options>())
    })
}

export function registerAllowResets(program: Command): void {
  program
    .command('allow-resets')
    .description('let an application reset passwords again after "rekey stop-resets"')
    .argument('<client-id>', 'the client id of the application')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
Examples:
  rekey allow-resets helpdesk
  rekey allow-resets helpdesk --tenant acme --json`,
    )
    .action(async (clientId: string, _options, command: Command) => {
      await change(clientId, false, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant or application */
async function change(clientId: string, isStopped: boolean, options: Options): Promise<void> {
  await withOperatorApp(process.env, async ({ store }) => {
    const tenant = await findTenant(store, options.tenant)
    const application = await findApplication(store, tenant, clientId)
    const requestId = randomUUID()
    const { hasChanged } = await stopResets(store, { tenant, application, isStopped, requestId })
    if (options.json === true) {
      const report = { ok: true, tenant: tenant.code, client_id: application.clientId }
      console.log(
        JSON.stringify({ ...report, stopped: isStopped, changed: hasChanged, request_id: requestId }),
      )
      return
    }
    console.log(describe(application, { isStopped, hasChanged }))
  })
}

async function findApplication(
  store: Pick<Store, 'read'>,
  tenant: Tenant,
  clientId: string,
): Promise<Application> {
  const { applications } = store.read
  const found = isStorableText(clientId) ? await applications.findByClientId(tenant.id, clientId) : undefined
  if (found === undefined) {
    const all = await applications.list(tenant.id)
    throw new CommandError(
      all.length === 0
        ? `Tenant ${tenant.code} has no application.`
        : `There is no application with the client id "${clientId}" in tenant ${tenant.code}. There is:`,
      { problems: all.map((one) => `${one.clientId}  (${one.name})`) },
    )
  }
  return found
}

function describe(
  { name, clientId }: Application,
  { isStopped, hasChanged }: { readonly isStopped: boolean; readonly hasChanged: boolean },
): string {
  const application = `${name} (${clientId})`
  if (isStopped) {
    return hasChanged
      ? `The resets of ${application} are stopped. Let them go on with: rekey allow-resets ${clientId}`
      : `The resets of ${application} were stopped already: nothing to do.`
  }
  return hasChanged
    ? `${application} may reset passwords again.`
    : `The resets of ${application} were not stopped: nothing to do.`
}
