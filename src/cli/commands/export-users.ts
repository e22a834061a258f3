import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Command } from 'commander'
import { ExportColumnsError, type ExportQuery, exportUsers } from '../../core/imports/export-users.ts'
import type { Tenant } from '../../core/tenants/tenant.ts'
import { normaliseKey } from '../../core/users/normalise-key.ts'
import type { Store } from '../../store/store.ts'
import { CommandError } from '../command-error.ts'
import { findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'
import { printChunks } from '../print-chunks.ts'
import { count } from '../show-progress.ts'

interface Options {
  readonly tenant?: string
  readonly org?: string
  readonly json?: boolean
}

export function registerExportUsers(program: Command): void {
  program
    .command('export-users')
    .description('write all users as a CSV file that "rekey import" reads; passwords are not in it')
    .argument('[file]', 'the file, or - for standard output', '-')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .option('--org <code>', 'only users whose main organisation it is')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
Cells that a spreadsheet would take for a formula begin with ', which "rekey import" takes away again.
Importing an export with --update changes nothing. The file is for its owner's eyes only (mode 0600).

Examples:
  rekey export-users users.csv
  rekey export-users --tenant acme --org it | gzip > it.csv.gz`,
    )
    .action(async (file: string, _options, command: Command) => {
      await writeUsers(file, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant or organisation */
async function writeUsers(file: string, options: Options): Promise<void> {
  await withOperatorApp(process.env, async ({ store }) => {
    const tenant = await findTenant(store, options.tenant)
    const organizationId =
      options.org === undefined ? undefined : await findOrganization(store, tenant, options.org)
    let users = 0
    const query: ExportQuery = { tenant, organizationId }
    async function* texts() {
      for await (const page of exportUsers(store, query)) {
        users += page.users
        yield page.text
      }
    }
    try {
      await (file === '-' ? printChunks(texts()) : writeChunks(file, texts()))
    } catch (error) {
      throw error instanceof ExportColumnsError
        ? new CommandError(`The export is not complete: ${error.message}.`)
        : error
    }
    if (file !== '-') {
      console.log(
        options.json === true
          ? JSON.stringify({ ok: true, tenant: tenant.code, users, file })
          : `${count(users)} ${users === 1 ? 'user' : 'users'} of tenant ${tenant.code} written to ${file}.`,
      )
    }
  })
}

async function findOrganization(store: Store, tenant: Tenant, code: string): Promise<string> {
  const found = (await store.read.organizations.findIds(tenant.id, [code])).get(normaliseKey(code))
  if (found === undefined) {
    throw new CommandError(`There is no organisation "${code}" in tenant ${tenant.code}.`)
  }
  return found
}

async function writeChunks(file: string, texts: AsyncIterable<string>): Promise<void> {
  const stream = createWriteStream(file, { mode: 0o600 })
  await once(stream, 'open')
  for await (const text of texts) {
    if (!stream.write(text)) {
      await once(stream, 'drain')
    }
  }
  stream.end()
  await once(stream, 'close')
}
