import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, openApp } from '../app.ts'
import { loadSettings } from '../config/load.ts'
import { applyTenantFile } from '../core/tenant-file/apply-tenant-file.ts'
import type { SendMode } from '../core/tenants/tenant.ts'
import type { User } from '../core/users/user.ts'
import { ApiError } from '../errors/api-error.ts'
import { createMailbox, type Mailbox } from '../messaging/gateways/mailbox.ts'
import { type DemoAddress, describeCommands, MAILBOX_PATH } from './demo-commands.ts'
import { serveDemoPage } from './demo-page.ts'
import { demoTenantFile } from './demo-tenant.ts'
import { serveMailboxPage } from './mailbox-page.ts'
import { makePassword } from './walk-through.ts'

const HOST = '127.0.0.1'
const MESSAGES_MAX = 200

export interface Demo {
  readonly app: App
  readonly address: DemoAddress
  readonly mailbox: Mailbox
  /** Of alice and bob, until it is reset. */
  readonly employeePassword: string
  /** The port that was asked for, when another one had to be taken. */
  readonly takenPort: number | undefined
  /** Stops it; nothing is left behind. */
  close(): Promise<void>
}

/**
 * Starts a server on sample data: loopback only, embedded database in a temporary folder, both channels into a mailbox
 * in memory, new secrets every time. Of the settings only REKEY_PORT and REKEY_LOG_LEVEL count.
 * @throws SettingsError
 */
export async function startDemo(env: Readonly<Record<string, string | undefined>>): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-demo-'))
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removeFolder)
  const { settings, takenPort } = await chooseSettings(env, folder)
  const mailbox = createMailbox({ messagesMax: MESSAGES_MAX })
  let commands = ''
  let resetAlice = async (_sendMode: SendMode): Promise<void> => undefined
  let samples: Readonly<Record<string, string>> = {}
  const app = await openApp({
    settings,
    mailbox,
    demo: { mailboxPath: MAILBOX_PATH },
    reference: { samples: () => samples },
    extraRoutes: (server) => {
      serveMailboxPage(server, mailbox, () => commands)
      serveDemoPage(server, (sendMode) => resetAlice(sendMode))
    },
  })
  const close = async () => {
    await app.close()
    removeFolder()
    process.removeListener('exit', removeFolder)
  }
  try {
    const secrets = { employeePassword: makePassword(), clientSecret: randomBytes(24).toString('base64url') }
    const alice = await seed(app, secrets)
    resetAlice = (sendMode) => resetByHelpDesk(app, alice, sendMode)
    samples = { user_id: alice.id, org_id: alice.organizationId ?? '' }
    const { url } = await app.listen()
    const address = {
      url,
      clientId: 'helpdesk',
      clientSecret: secrets.clientSecret,
      userId: alice.id,
      userName: 'alice',
    }
    const { token, reset } = describeCommands(address)
    commands = `${token}\n\n${reset}`
    return { app, address, mailbox, employeePassword: secrets.employeePassword, takenPort, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function chooseSettings(env: Readonly<Record<string, string | undefined>>, folder: string) {
  const settings = loadSettings({
    REKEY_HOST: HOST,
    REKEY_PORT: env.REKEY_PORT,
    REKEY_LOG_LEVEL: env.REKEY_LOG_LEVEL ?? 'warn',
    REKEY_DATABASE_URL: `sqlite:${join(folder, 'rekey.db')}`,
  })
  const isTaken = settings.port !== 0 && !(await isFree(settings.port))
  const port = isTaken ? 0 : settings.port
  // of a port that is not known yet messages can have no links
  const publicUrl = port === 0 ? undefined : `http://${HOST}:${port}`
  return { settings: { ...settings, port, publicUrl }, takenPort: isTaken ? settings.port : undefined }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, HOST, () => probe.close(() => resolve(true)))
  })
}

/** Makes the sample company; alice, who is in it. */
async function seed(
  app: App,
  secrets: { readonly employeePassword: string; readonly clientSecret: string },
): Promise<User> {
  const report = await applyTenantFile(app.applyTools, {
    file: 'demo',
    text: demoTenantFile,
    environment: { EMPLOYEE_PASSWORD: secrets.employeePassword, HELPDESK_SECRET: secrets.clientSecret },
    isDryRun: false,
    isPruning: false,
  })
  const tenant = await app.store.read.tenants.findByCode('demo')
  const alice = tenant && (await app.store.read.users.findByUserName(tenant.id, 'alice'))
  if (!report.ok || alice === undefined) {
    throw new Error(
      `the sample data were not taken: ${report.problems.map(({ message }) => message).join('; ')}`,
    )
  }
  return alice
}

/** What the help desk's application would ask for. */
async function resetByHelpDesk(app: App, alice: User, sendMode: SendMode): Promise<void> {
  const { read } = app.store
  const tenant = await read.tenants.find(alice.tenantId)
  const application = await read.applications.findByClientId(alice.tenantId, 'helpdesk')
  if (tenant === undefined || application === undefined) throw new ApiError('USER.0001')
  const call = { tenant, applicationId: application.id, userId: alice.id, sendMode }
  await app.core.resetPassword({ ...call, requestId: randomUUID() })
}
