import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { App } from '../../app.ts'
import { type AuditAnchor, type AuditReport, verifyAudit } from '../../core/audit/verify-audit.ts'
import type { Tenant } from '../../core/tenants/tenant.ts'
import { CommandError } from '../command-error.ts'
import { findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'
import { auditReportAsJson, headText, presentAuditReport } from './present-audit-report.ts'

/** Rows between two signs of life on a terminal. */
const PROGRESS_ROWS = 50_000

interface Options {
  readonly tenant?: string
  readonly head?: string
  readonly json?: boolean
}

export function registerVerifyAudit(program: Command): void {
  program
    .command('verify-audit')
    .description('check that no audit row was changed, removed or put in since it was sealed')
    .option('--tenant <code>', 'one tenant only; default: each of them')
    .option('--head <head>', 'also compare with a head that was printed earlier, or a file that holds one')
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
It reads the whole record and changes nothing. It needs the master key that the rows were sealed with.
Keep the head that it prints somewhere else: only with it does a database show that was put back to an earlier day.
Exit code: 0 the record is as it was sealed, 1 it is not.

Examples:
  rekey verify-audit
  rekey verify-audit --tenant acme --json > acme-head.json
  rekey verify-audit --tenant acme --head acme-head.json`,
    )
    .action(async (_options, command: Command) => {
      process.exitCode = await verify(command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant, or the head cannot be read */
async function verify(options: Options): Promise<0 | 1> {
  return await withOperatorApp(process.env, async (app) => {
    const tenants = await chooseTenants(app, options)
    const anchor = options.head === undefined ? undefined : readAnchor(options.head)
    const reports: { readonly tenant: Tenant; readonly report: AuditReport }[] = []
    for (const tenant of tenants) {
      reports.push({ tenant, report: await verifyOne(app, tenant, anchor) })
    }
    const isOk = reports.every(({ report }) => report.fault === undefined)
    if (options.json === true) {
      const list = reports.map(({ tenant, report }) => auditReportAsJson(tenant, report))
      console.log(JSON.stringify({ ok: isOk, tenants: list }, undefined, 2))
    } else {
      console.log(reports.map(({ tenant, report }) => presentAuditReport(tenant, report)).join('\n\n'))
    }
    return isOk ? 0 : 1
  })
}

async function chooseTenants({ store }: App, options: Options): Promise<readonly Tenant[]> {
  if (options.tenant !== undefined || options.head !== undefined) {
    return [await findTenant(store, options.tenant)] // a head belongs to one tenant
  }
  const tenants = await store.read.tenants.list()
  return tenants.length === 0 ? [await findTenant(store, undefined)] : tenants
}

async function verifyOne(
  { store, seal }: App,
  tenant: Tenant,
  anchor: AuditAnchor | undefined,
): Promise<AuditReport> {
  let said = 0
  const onProgress = ({ rows, total }: { readonly rows: number; readonly total: number }) => {
    if (process.stderr.isTTY && rows - said >= PROGRESS_ROWS) {
      said = rows
      process.stderr.write(`\r${tenant.code}: ${rows} of ${Math.max(rows, total)} rows`)
    }
  }
  const report = await verifyAudit({ store, mac: seal.mac, onProgress }, tenant.id, anchor)
  if (said > 0) {
    process.stderr.write('\r\x1b[K')
  }
  return report
}

/** `1234:digest`, or a file that holds one, alone or somewhere in what this command printed. */
function readAnchor(head: string): AuditAnchor {
  const text = headText.test(head) ? head : readFileSync(head, 'utf8')
  const heads = new Set(text.match(new RegExp(headText.source, 'g')))
  const [only, ...others] = heads
  if (only === undefined || others.length > 0) {
    throw new CommandError(
      only === undefined
        ? '--head must be a head that verify-audit printed, such as 1234:Xk…, or a file that holds one.'
        : `There are several heads in ${head}: give the one of this tenant, such as --head 1234:Xk…`,
    )
  }
  const [sequence, digest = ''] = only.split(':')
  return { sequence: Number(sequence), digest }
}
