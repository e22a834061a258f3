import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { enableUserAsOperator } from '../../core/users/change-user-state.ts'
import { findSubject, findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'

interface Options {
  readonly tenant?: string
  readonly json?: boolean
}

export function registerEnableUser(program: Command): void {
  program
    .command('enable-user')
    .description('enable a user who is disabled, or frozen because they said "this was not me"')
    .argument('<user>', 'user name, or id')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
What disabling or freezing ended stays ended. Look first with "rekey list-resets", and send a new password afterwards with
"rekey reset-password".

Examples:
  rekey enable-user alice
  rekey enable-user alice --tenant acme --json`,
    )
    .action(async (nameOrId: string, _options, command: Command) => {
      await enable(nameOrId, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant or user */
async function enable(nameOrId: string, options: Options): Promise<void> {
  await withOperatorApp(process.env, async ({ store }) => {
    const tenant = await findTenant(store, options.tenant)
    const user = await findSubject(store, tenant, nameOrId)
    const requestId = randomUUID()
    const { wasDisabled } = await enableUserAsOperator(store, { tenant, userId: user.id, requestId })
    const hasPassword = user.credential.digest !== undefined
    if (options.json === true) {
      const report = { ok: true, was_disabled: wasDisabled, has_password: hasPassword }
      console.log(JSON.stringify({ ...report, user_id: user.id, request_id: requestId }))
      return
    }
    console.log(
      wasDisabled
        ? `${user.userName} is enabled again: what was ended stays ended.`
        : `${user.userName} was not disabled: nothing to do.`,
    )
    if (!hasPassword) {
      console.log(
        `No password signs in; send one with: rekey reset-password ${user.userName} --send-mode EMAIL`,
      )
    }
  })
}
