import { randomUUID } from 'node:crypto'
import { type Command, Option } from 'commander'
import type { App } from '../../app.ts'
import type { SendMode, Tenant } from '../../core/tenants/tenant.ts'
import { type CreatedOwner, type CreateOwnerCall, createOwner } from '../../core/users/create-owner.ts'
import { isEmailAddress } from '../../core/users/is-email-address.ts'
import { isStorableText } from '../../core/users/is-storable-text.ts'
import { normaliseMobile } from '../../core/users/normalise-mobile.ts'
import { DuplicateError } from '../../errors/store-error.ts'
import { CommandError } from '../command-error.ts'
import { findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'
import { resetAsOperator } from './reset-password.ts'

interface Options {
  readonly sendMode: SendMode
  readonly tenant?: string
  readonly email?: string
  readonly mobile?: string
  readonly name?: string
  readonly additional?: boolean
  readonly json?: boolean
}

export function registerCreateOwner(program: Command): void {
  program
    .command('create-owner')
    .description('make the first administrator, or raise a user, and send a first password')
    .argument('<user-name>', 'the name the owner signs in with')
    .addOption(
      new Option('--send-mode <mode>', 'how the password travels')
        .choices(['EMAIL', 'SMS'])
        .makeOptionMandatory(),
    )
    .option('--email <address>', 'of a user who is new')
    .option('--mobile <number>', 'of a user who is new, with its country: +86-13800000001')
    .option('--name <name>', 'of a user who is new; default: the user name')
    .option('--additional', 'also when there is an owner already')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
There is no default password: the first one is made and sent like that of any reset, and shown to nobody else.
If it cannot be sent, the owner is there without it: correct the cause and run the same command again.
Exit code: 0 a gateway has accepted the message, 1 otherwise.

Examples:
  rekey create-owner root --send-mode EMAIL --email root@acme.example
  rekey create-owner alice --send-mode SMS --tenant acme --json`,
    )
    .action(async (userName: string, _options, command: Command) => {
      process.exitCode = await run(userName, command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError what is in the way, and nothing was changed */
async function run(userName: string, options: Options): Promise<0 | 1> {
  const fresh = readFresh(userName, options)
  return await withOperatorApp(process.env, async (app) => {
    const tenant = await findTenant(app.store, options.tenant)
    const { sendMode, additional: isAdditional = false } = options
    const call = { tenant, userName, sendMode, fresh, isAdditional, requestId: randomUUID() }
    const created = await tryCreate(app, call)
    if (!('user' in created)) {
      throw refuse(created, { tenant, userName, sendMode })
    }
    const report = await resetAsOperator(app, tenant, created.user, { sendMode })
    if (options.json === true) {
      console.log(JSON.stringify({ ...report.json, role: 'owner', owner: created.kind }))
    } else {
      console.log([ownerLine(created, tenant), ...report.lines, ...(report.ok ? [] : [again])].join('\n'))
    }
    return report.ok ? 0 : 1
  })
}

const again = '  When the cause is removed, run the same command again.'

function ownerLine(
  { kind, user }: CreatedOwner & { readonly user: { readonly userName: string } },
  tenant: Tenant,
): string {
  const what = { created: 'is created as', raised: 'is raised to', already: 'is already' }[
    kind as 'created' | 'raised' | 'already'
  ]
  return `✓ ${user.userName} ${what} owner of tenant ${tenant.code}.`
}

/** @throws CommandError */
function readFresh(userName: string, { email, mobile, name }: Options): CreateOwnerCall['fresh'] {
  const isName = (text: string) =>
    isStorableText(text) && text.trim() === text && text !== '' && text.length <= 128
  if (!isName(userName) || (name !== undefined && !isName(name))) {
    throw new CommandError(
      'A name has 1 to 128 characters, none of them a control character, and no space at its ends.',
    )
  }
  if (email !== undefined && !isEmailAddress(email)) {
    throw new CommandError('--email is no e-mail address: write one such as alice@acme.example.')
  }
  const number = mobile === undefined ? undefined : normaliseMobile(mobile)
  if (mobile !== undefined && number === undefined) {
    throw new CommandError(
      '--mobile is no mobile number: write it with its country, such as +86-13800000001.',
    )
  }
  return { email, mobile: number, name }
}

async function tryCreate(app: App, call: CreateOwnerCall): Promise<CreatedOwner> {
  try {
    return await createOwner(app, call)
  } catch (error) {
    if (error instanceof DuplicateError) {
      throw new CommandError(
        'Another user of this tenant has that e-mail address or mobile number: nothing was changed. Give another.',
        { cause: error },
      )
    }
    throw error
  }
}

function refuse(
  refused: Exclude<CreatedOwner, { readonly user: unknown }>,
  p: { readonly tenant: Tenant; readonly userName: string; readonly sendMode: SendMode },
): CommandError {
  const { userName, sendMode } = p
  if (refused.kind === 'owner_exists') {
    const problems = refused.owners.map((owner) => owner.userName)
    return new CommandError(
      `Tenant ${p.tenant.code} has an owner already: nothing was changed. Add --additional to make another. There is:`,
      { problems },
    )
  }
  const contact = sendMode === 'EMAIL' ? 'e-mail address' : 'mobile number'
  const option = sendMode === 'EMAIL' ? '--email' : '--mobile'
  const sentences = {
    has_password: `${userName} is an owner already and has a password. Send a new one with: rekey reset-password ${userName} --send-mode ${sendMode}`,
    disabled: `${userName} is disabled: nothing was changed. Enable the user first, or take another name.`,
    not_new: `${userName} exists already: --email, --mobile and --name are for a user who is new. Leave them out; contacts are changed by the tenant file and "rekey apply".`,
    no_contact: `${userName} has no ${contact} to send a password to: nothing was changed. Add ${option} if the user is new, or the contact by the tenant file.`,
    mode_disabled: `Tenant ${p.tenant.code} does not send by ${sendMode}: nothing was changed. Use the other --send-mode, or add it to reset.send_modes.`,
    no_gateway: `Tenant ${p.tenant.code} has no gateway for ${sendMode}: nothing was changed. Add one to the tenant file, and run "rekey apply".`,
  }
  return new CommandError(sentences[refused.kind])
}
