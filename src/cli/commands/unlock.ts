import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { type Unlocked, unlockUser } from '../../core/users/unlock-user.ts'
import { findSubject, findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'

interface Options {
  readonly tenant?: string
  readonly json?: boolean
}

export function registerUnlock(program: Command): void {
  program
    .command('unlock')
    .description('let a user sign in again who was locked out after too many wrong passwords')
    .argument('<user>', 'user name, or id')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
The password stays as it is: for an employee who has forgotten it, "rekey reset-password" unlocks too, by the message.

Examples:
  rekey unlock alice
  rekey unlock alice --tenant acme --json`,
    )
    .action(async (nameOrId: string, _options, command: Command) => {
      await unlock(nameOrId, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant or user */
async function unlock(nameOrId: string, options: Options): Promise<void> {
  await withOperatorApp(process.env, async ({ store }) => {
    const tenant = await findTenant(store, options.tenant)
    const user = await findSubject(store, tenant, nameOrId)
    const requestId = randomUUID()
    const unlocked = await unlockUser(store, { tenant, userId: user.id, requestId })
    if (options.json === true) {
      const { wasLocked, failedCount } = unlocked
      const report = { ok: true, was_locked: wasLocked, failed_count: failedCount, disabled: user.disabled }
      console.log(JSON.stringify({ ...report, user_id: user.id, request_id: requestId }))
      return
    }
    console.log(describe(user.userName, unlocked))
    if (user.disabled) {
      console.log('The user is disabled, and cannot sign in until an application enables the user.')
    }
  })
}

function describe(userName: string, { wasLocked, failedCount }: Unlocked): string {
  if (wasLocked) {
    return `${userName} is unlocked: all attempts are left again, the password stays as it is.`
  }
  return failedCount === 0
    ? `${userName} was not locked: nothing to do.`
    : `${userName} was not locked; ${failedCount} wrong ${failedCount === 1 ? 'password is' : 'passwords are'} forgotten.`
}
