import { type Command, InvalidArgumentError } from 'commander'
import { listResets } from '../../core/reset/list-resets.ts'
import { findSubject, findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'
import { presentResets, resetsAsJson } from './present-resets.ts'

const LIMIT_DEFAULT = 20
const LIMIT_MAX = 1_000

interface Options {
  readonly tenant?: string
  readonly limit: number
  readonly json?: boolean
}

export function registerListResets(program: Command): void {
  program
    .command('list-resets')
    .description("show a user's password resets: who asked, where the message went, what became of it")
    .argument('<user>', 'user name, or id')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .option('--limit <count>', 'how many of the newest', parseLimit, LIMIT_DEFAULT)
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
password_state: own (chosen by the employee), delivered and not used yet, delivered and used, or none.

Examples:
  rekey list-resets alice
  rekey list-resets alice --tenant acme --limit 100 --json`,
    )
    .action(async (nameOrId: string, _options, command: Command) => {
      await showResets(nameOrId, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant or user */
async function showResets(nameOrId: string, options: Options): Promise<void> {
  await withOperatorApp(process.env, async ({ store }) => {
    const tenant = await findTenant(store, options.tenant)
    const user = await findSubject(store, tenant, nameOrId)
    const timeline = await listResets(store, user, options.limit)
    const subject = { tenant, user }
    console.log(
      options.json === true
        ? JSON.stringify(resetsAsJson(subject, timeline), undefined, 2)
        : presentResets(subject, timeline).join('\n'),
    )
  })
}

function parseLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > LIMIT_MAX) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${LIMIT_MAX}.`)
  }
  return limit
}
