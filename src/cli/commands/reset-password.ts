import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import type { App } from '../../app.ts'
import {
  type OldPasswordMode,
  oldPasswordModes,
  type SendMode,
  type Tenant,
} from '../../core/tenants/tenant.ts'
import type { User } from '../../core/users/user.ts'
import { ApiError } from '../../errors/api-error.ts'
import { findSubject, findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'
import { presentDelivered, presentRefused, type ResetReport } from './present-reset-answer.ts'

interface Options {
  readonly sendMode: SendMode
  readonly oldPassword?: OldPasswordMode
  readonly tenant?: string
  readonly json?: boolean
}

export function registerResetPassword(program: Command): void {
  program
    .command('reset-password')
    .description(
      'make a new password for a user and send it to the e-mail address or mobile number on record',
    )
    .argument('<user>', 'user name, or id')
    .addOption(
      new Option('--send-mode <mode>', 'how the password travels')
        .choices(['EMAIL', 'SMS'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--old-password <mode>',
        'until when the old password works; as the tenant says, or stricter',
      ).choices(oldPasswordModes),
    )
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
The new password is shown to nobody but its reader. On record the reset is an operator's.
The old password works until a gateway has accepted the new one, unless the tenant or --old-password says otherwise:
keep-until-used until somebody signs in with the new one, revoke-now not at all from now on, whatever becomes of the message.
Exit code: 0 a gateway has accepted the message, 1 it was not sent or nobody knows.

Examples:
  rekey reset-password alice --send-mode EMAIL
  rekey reset-password alice --send-mode EMAIL --old-password revoke-now
  rekey reset-password alice --send-mode SMS --tenant acme --json`,
    )
    .action(async (nameOrId: string, _options, command: Command) => {
      process.exitCode = await runReset(nameOrId, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant or user */
async function runReset(nameOrId: string, options: Options): Promise<0 | 1> {
  return await withOperatorApp(process.env, async (app) => {
    const tenant = await findTenant(app.store, options.tenant)
    const user = await findSubject(app.store, tenant, nameOrId)
    const { ok, lines, json } = await resetAsOperator(app, tenant, user, options)
    console.log(options.json === true ? JSON.stringify(json) : lines.join('\n'))
    return ok ? 0 : 1
  })
}

/** One reset, and what to tell about it. */
export async function resetAsOperator(
  app: App,
  tenant: Tenant,
  user: User,
  { sendMode, oldPassword }: Pick<Options, 'sendMode' | 'oldPassword'>,
): Promise<ResetReport> {
  const requestId = randomUUID()
  const { read } = app.store
  try {
    const call = { tenant, applicationId: undefined, requestId, userId: user.id, sendMode, oldPassword }
    const { resetId } = await app.core.resetPassword(call)
    const delivered = await read.resets.find(tenant.id, resetId)
    return presentDelivered({ tenant, user, requestId, resetId, reset: delivered })
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error
    }
    return presentRefused({ user, requestId, sendMode, error })
  }
}
