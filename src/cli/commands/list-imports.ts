import type { Command } from 'commander'
import type { FirstPasswordCount } from '../../core/imports/first-password.ts'
import type { UserImport } from '../../core/imports/user-import.ts'
import { formatTime } from '../../core/tenants/format-time.ts'
import type { Tenant } from '../../core/tenants/tenant.ts'
import { findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'
import { count } from '../show-progress.ts'
import { firstPasswordsAsJson, presentFirstPasswords } from './present-import.ts'

const IMPORTS_SHOWN_MAX = 20

interface Options {
  readonly tenant?: string
  readonly json?: boolean
}

interface Listed {
  readonly userImport: UserImport
  readonly firstPasswords: readonly FirstPasswordCount[]
}

export function registerListImports(program: Command): void {
  program
    .command('list-imports')
    .description(
      'show the newest imports of users: how far each is, and whose first password waits or failed',
    )
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
Examples:
  rekey list-imports
  rekey list-imports --tenant acme --json`,
    )
    .action(async (_options, command: Command) => {
      await showImports(command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant */
async function showImports(options: Options): Promise<void> {
  await withOperatorApp(process.env, async ({ store }) => {
    const tenant = await findTenant(store, options.tenant)
    const listed: Listed[] = []
    for (const userImport of await store.read.userImports.list(tenant.id, IMPORTS_SHOWN_MAX)) {
      const firstPasswords = await store.read.firstPasswords.count(tenant.id, userImport.id)
      listed.push({ userImport, firstPasswords })
    }
    console.log(
      options.json === true
        ? JSON.stringify(listed.map(asJson), undefined, 2)
        : present(tenant, listed).join('\n'),
    )
  })
}

function present(tenant: Tenant, listed: readonly Listed[]): readonly string[] {
  if (listed.length === 0) {
    return [`There is no import of users in tenant ${tenant.code}.`]
  }
  return listed.flatMap(({ userImport, firstPasswords }) => {
    const { counts, position, rowsTotal, finishedAt } = userImport
    const total = rowsTotal === undefined ? '' : ` of ${count(rowsTotal)}`
    const state = finishedAt === undefined ? `stopped behind row ${count(position)}${total}` : 'finished'
    const source =
      userImport.applicationId === undefined ? 'a file' : `application ${userImport.applicationId}`
    return [
      `${formatTime(userImport.createdAt, tenant.timeZone).slice(0, 19)}  ${userImport.id}  from ${source}  ${state}`,
      `  ${count(counts.created)} created, ${count(counts.updated)} changed, ${count(counts.unchanged)} unchanged, ${count(counts.failed)} refused`,
      ...presentFirstPasswords({ userImport, firstPasswords }).map((line) => `  ${line}`),
    ]
  })
}

function asJson({ userImport, firstPasswords }: Listed): object {
  const { counts } = userImport
  return {
    import_id: userImport.id,
    application_id: userImport.applicationId ?? null,
    finished: userImport.finishedAt !== undefined,
    position: userImport.position,
    rows_total: userImport.rowsTotal ?? null,
    ...counts,
    deliver_initial: userImport.sendMode ?? null,
    per_minute: userImport.perMinute,
    first_passwords: firstPasswordsAsJson(firstPasswords),
    created_at: new Date(userImport.createdAt).toISOString(),
    updated_at: new Date(userImport.updatedAt).toISOString(),
  }
}
