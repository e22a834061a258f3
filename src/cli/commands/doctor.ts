import type { Command } from 'commander'
import { type App, openApp } from '../../app.ts'
import { loadSettings } from '../../config/load.ts'
import type { Settings } from '../../config/schema.ts'
import { Secret } from '../../core/secret.ts'
import { formatTime } from '../../core/tenants/format-time.ts'
import type { Tenant } from '../../core/tenants/tenant.ts'
import { DELIVERIES_COUNTED_MAX } from '../../core/webhooks/measure-webhooks.ts'
import { fitLine } from '../fit-line.ts'
import { findMissingDatabase } from '../open-operator-app.ts'
import { describeFailure } from '../report-failure.ts'

interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly note: string
  /** What to do; only where something is wrong. */
  readonly remedy: string | undefined
}

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'look for what keeps Rekey from working: configuration, key, database, migrations, clock, breached passwords, gateways, webhooks',
    )
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
It changes nothing and sends no message. Exit code: 0 all is well, 1 something is not.

Examples:
  rekey doctor
  rekey doctor --json`,
    )
    .action(async (_options, command: Command) => {
      const findings = await examine(process.env)
      const isOk = findings.every((finding) => finding.ok)
      console.log(
        command.optsWithGlobals().json === true
          ? JSON.stringify(
              { ok: isOk, checks: findings.map((one) => ({ ...one, remedy: one.remedy ?? null })) },
              undefined,
              2,
            )
          : present(findings, isOk).join('\n'),
      )
      process.exitCode = isOk ? 0 : 1
    })
}

/** Stops at the first finding without which nothing after it can be looked at. */
async function examine(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly Finding[]> {
  let settings: Settings
  try {
    settings = loadSettings(environment)
  } catch (error) {
    return wrong('configuration', error, 'Correct the variable; docs/configuration.md lists them all.')
  }
  const configured = fine('configuration', 'every setting can be read')
  const missing = findMissingDatabase(settings)
  if (missing !== undefined) {
    const remedy = 'Set REKEY_DATABASE_URL, or make one with "rekey apply -f tenant.yaml".'
    return [configured, { name: 'database', ok: false, note: `there is none at ${missing}`, remedy }]
  }
  let app: App
  try {
    app = await openApp({ settings: { ...settings, logLevel: 'silent' }, migrate: 'never' })
  } catch (error) {
    return [configured, ...wrong('key and database', error, 'Put the key or the database right as it says.')]
  }
  try {
    const key = fine('key', 'the master key can be read')
    return [configured, key, ...(await examineBreaches(app, settings)), ...(await examineStore(app))]
  } finally {
    await app.close()
  }
}

// stands in every list; nobody's password is looked up
const LISTED_PASSWORD = new Secret('password')

async function examineBreaches({ breaches }: App, settings: Settings): Promise<readonly Finding[]> {
  const source = settings.breachedPasswordsSource
  if (breaches === undefined || source === undefined) {
    return []
  }
  const name = 'breached passwords'
  try {
    await breaches.isBreached(LISTED_PASSWORD)
    return [fine(name, 'the source answers')]
  } catch (error) {
    const note = error instanceof Error ? error.message : 'the source does not answer'
    const remedy = /^https?:/.test(source)
      ? 'Check the address in REKEY_BREACHED_PASSWORDS_SOURCE, and that this machine may reach it.'
      : 'Check that the folder in REKEY_BREACHED_PASSWORDS_SOURCE has a readable file for each prefix, such as 5BAA6.txt.'
    return [{ name, ok: false, note, remedy }]
  }
}

const CLOCK_SKEW_MS_MAX = 2_000 // as /health/ready has it

async function examineStore({ store, checkGateway }: App): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  try {
    const { skewMs } = await store.measureClock()
    findings.push(fine('database', `${store.kind} answers`))
    findings.push(
      Math.abs(skewMs) <= CLOCK_SKEW_MS_MAX
        ? fine('clock', `${Math.abs(skewMs)} ms from the database's`)
        : {
            name: 'clock',
            ok: false,
            note: `${Math.abs(skewMs)} ms from the database's`,
            remedy: 'Run NTP on this machine and on the database server.',
          },
    )
    const pending = await store.pendingMigrations()
    if (pending.length > 0) {
      const note = `not applied yet: ${pending.join(', ')}`
      return [...findings, { name: 'migrations', ok: false, note, remedy: 'Run "rekey migrate".' }]
    }
    findings.push(fine('migrations', 'the database is up to date'))
    for (const tenant of await store.read.tenants.list()) {
      findings.push(...(await findStoppedApplications(store, tenant)))
      findings.push(...(await examineWebhooks(store, tenant)))
      for (const row of await store.read.gateways.list(tenant.id)) {
        if (row.disabled) {
          continue
        }
        const name = `gateway ${row.name} of ${tenant.code}`
        const step = (await checkGateway(row, undefined)).find((one) => one.outcome === 'failed')
        findings.push(
          step?.outcome === 'failed'
            ? { name, ok: false, note: `${step.name}: ${step.note}`, remedy: step.remedy }
            : fine(name, 'every step passed that needs no message'),
        )
      }
    }
    return findings
  } catch (error) {
    return [...findings, ...wrong('database', error, 'Check REKEY_DATABASE_URL, and that the database runs.')]
  }
}

/** Stopped on purpose, but easily forgotten. */
async function findStoppedApplications({ read }: App['store'], tenant: Tenant): Promise<readonly Finding[]> {
  const applications = await read.applications.list(tenant.id)
  return applications.flatMap(({ clientId, resetsStoppedAt }) =>
    resetsStoppedAt === undefined
      ? []
      : [
          {
            name: `application ${clientId} of ${tenant.code}`,
            ok: false,
            note: `its resets are stopped since ${formatTime(resetsStoppedAt, tenant.timeZone).slice(0, 19)} (${tenant.timeZone})`,
            remedy: `When the cause is removed: "rekey allow-resets ${clientId} --tenant ${tenant.code}".`,
          },
        ],
  )
}

/** What was not delivered; nothing is sent. */
async function examineWebhooks({ read }: App['store'], tenant: Tenant): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const webhook of await read.webhooks.list(tenant.id)) {
    const name = `webhook ${webhook.name} of ${tenant.code}`
    const counts = await read.webhookDeliveries.count(webhook, DELIVERIES_COUNTED_MAX)
    const inTenant = `--tenant ${tenant.code}`
    if (webhook.off !== undefined) {
      const note = `switched off (${webhook.off.reason}) since ${formatTime(webhook.off.at, tenant.timeZone).slice(0, 19)} (${tenant.timeZone})`
      const remedy = `Correct its url, or "rekey enable-webhook ${webhook.name} ${inTenant}" when its receiver wants events again.`
      findings.push({ name, ok: false, note, remedy })
    } else if (counts.givenUp > 0) {
      const note = `${counts.givenUp} events were given up; the last failure was ${webhook.lastFailure?.reason ?? 'not noted'}`
      const remedy = `"rekey check-webhook ${webhook.name} ${inTenant}"; when it passes "rekey resend-webhook --all-given-up ${webhook.name} ${inTenant}".`
      findings.push({ name, ok: false, note, remedy })
    } else {
      findings.push(fine(name, `${counts.waiting} events waiting, none given up`))
    }
  }
  return findings
}

function fine(name: string, note: string): Finding {
  return { name, ok: true, note, remedy: undefined }
}

function wrong(name: string, error: unknown, remedy: string): readonly Finding[] {
  const { message, problems } = describeFailure(error)
  const notes = problems.length > 0 ? problems : [message]
  return notes.map((note) => ({ name, ok: false, note, remedy }))
}

function present(findings: readonly Finding[], isOk: boolean): readonly string[] {
  return [
    ...findings.flatMap(({ name, ok, note, remedy }) => [
      ok ? fitLine(`✓ ${name}: ${note}`) : fitLine(`✗ ${name}: ${note}`, 400),
      ...(remedy === undefined ? [] : [`  → ${remedy}`]),
    ]),
    isOk ? 'All is well.' : 'Something is not in order: see the lines marked ✗.',
  ]
}
