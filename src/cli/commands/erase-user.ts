import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import type { App } from '../../app.ts'
import type { Tenant } from '../../core/tenants/tenant.ts'
import { type Erased, eraseUser } from '../../core/users/erase-user.ts'
import { isStorableText } from '../../core/users/is-storable-text.ts'
import { CommandError } from '../command-error.ts'
import { findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'

interface Options {
  readonly tenant?: string
  readonly yes?: boolean
  readonly json?: boolean
}

interface Subject {
  readonly id: string
  /** Undefined: removed before; only the id is known. */
  readonly userName: string | undefined
}

export function registerEraseUser(program: Command): void {
  program
    .command('erase-user')
    .description(
      'remove a user and everything that names the person; the audit record, which holds ids, stays',
    )
    .argument('<user>', 'user name or id; of a user who was removed before, the id')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .option('--yes', 'do it without asking')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
It cannot be undone. Backups, logs and exports keep what they have until they are deleted.

Examples:
  rekey erase-user alice
  rekey erase-user 01890c5e7d0a4b2f9c3e --tenant acme --yes --json`,
    )
    .action(async (nameOrId: string, _options, command: Command) => {
      await erase(nameOrId, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant or user, or nobody said yes */
async function erase(nameOrId: string, options: Options): Promise<void> {
  await withOperatorApp(process.env, async (app) => {
    const tenant = await findTenant(app.store, options.tenant)
    const subject = await findErasable(app, tenant, nameOrId)
    if (options.yes !== true) {
      await requireYes(subject, tenant, options.json === true)
    }
    const requestId = randomUUID()
    const actor = { kind: 'operator', id: undefined } as const
    const erased = await eraseUser(app.store, { tenant, userId: subject.id, actor, requestId })
    if (erased === undefined) {
      throw nobody(nameOrId, tenant) // another process was faster, and nothing was left
    }
    console.log(
      options.json === true
        ? JSON.stringify({
            ...{ ok: true, user_id: subject.id, request_id: requestId },
            ...{ removed_now: erased.wasRemovedNow, resets: erased.resets },
          })
        : describe(subject, erased),
    )
  })
}

async function findErasable({ store }: App, tenant: Tenant, nameOrId: string): Promise<Subject> {
  if (isStorableText(nameOrId)) {
    const { users, resets } = store.read
    const user = (await users.findByUserName(tenant.id, nameOrId)) ?? (await users.find(tenant.id, nameOrId))
    if (user !== undefined) {
      return { id: user.id, userName: user.userName }
    }
    if ((await resets.countOfUser(tenant.id, nameOrId)) > 0) {
      return { id: nameOrId, userName: undefined }
    }
  }
  throw nobody(nameOrId, tenant)
}

function nobody(nameOrId: string, tenant: Tenant): CommandError {
  return new CommandError(
    `There is no user "${nameOrId}" in tenant ${tenant.code}, and nothing left of one with this id: nothing to erase.`,
  )
}

/** @throws CommandError unless somebody at the terminal says yes */
async function requireYes(subject: Subject, tenant: Tenant, isForMachines: boolean): Promise<void> {
  const plan = explain(subject, tenant)
  if (isForMachines || !process.stdin.isTTY || !process.stdout.isTTY) {
    throw new CommandError('Nothing was erased: add --yes to do it. It cannot be undone, and means:', {
      problems: plan,
    })
  }
  console.log(plan.map((line) => `  - ${line}`).join('\n'))
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question('It cannot be undone. Erase? Type yes: ')
  terminal.close()
  if (answer.trim().toLowerCase() !== 'yes') {
    throw new CommandError('Nothing was erased.')
  }
}

function explain({ id, userName }: Subject, tenant: Tenant): readonly string[] {
  const whom = userName === undefined ? `of the removed user ${id}` : `${userName} (id ${id})`
  return [
    userName === undefined
      ? `what is left ${whom} in tenant ${tenant.code} goes`
      : `the user ${whom} is removed from tenant ${tenant.code}, and cannot sign in any more; resets and sessions end`,
    'addresses and gateway answers in the history of resets are erased',
    'the audit record stays: it holds ids, which lead to nobody afterwards',
  ]
}

function describe({ id, userName }: Subject, { wasRemovedNow, resets }: Erased): string {
  const history = resets === 1 ? '1 reset' : `${resets} resets`
  return [
    wasRemovedNow
      ? `${userName ?? id} is erased: the user is removed, and nothing names the person any more.`
      : `What was left of user ${id} is erased.`,
    `Addresses are gone from ${history}. The audit record keeps the id ${id} and holds nothing else of the person.`,
    'Backups, logs and exports keep what they have until they are deleted.',
  ].join('\n')
}
