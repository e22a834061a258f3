import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { exportAudit } from '../../core/audit/export-audit.ts'
import type { Tenant } from '../../core/tenants/tenant.ts'
import type { SealedAuditRow } from '../../store/audit-chain-store.ts'
import { findTenant } from '../find-subject.ts'
import { withOperatorApp } from '../open-operator-app.ts'
import { printChunks } from '../print-chunks.ts'

interface Options {
  readonly tenant?: string
  readonly from?: number
  readonly until?: number
  readonly after: number
}

export function registerExportAudit(program: Command): void {
  program
    .command('export-audit')
    .description('print the sealed audit rows as JSON Lines, in the order of the chain')
    .option('--tenant <code>', 'the tenant; may be left out when there is one only')
    .option(
      '--from <time>',
      'rows of this time and later, e.g. 2026-01-31 or 2026-01-31T08:00:00Z',
      parseTime,
    )
    .option('--until <time>', 'rows before this time', parseTime)
    .option('--after <sequence>', 'rows after this sequence: where the last export ended', parseSequence, 0)
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
A date without a time zone is UTC. Rows that are not sealed yet, those of the last second, are not in it.
docs/operations/audit.md explains the fields, and how an export is checked.

Examples:
  rekey export-audit > audit.jsonl
  rekey export-audit --tenant acme --after 120000 >> acme.jsonl
  rekey export-audit --from 2026-01-01 --until 2026-02-01 | gzip > january.jsonl.gz`,
    )
    .action(async (_options, command: Command) => {
      await printRows(command.optsWithGlobals<Options>())
    })
}

/** @throws SettingsError; StoreUnavailableError; CommandError no such tenant */
async function printRows(options: Options): Promise<void> {
  await withOperatorApp(process.env, async ({ store }) => {
    const tenant = await findTenant(store, options.tenant)
    await printChunks(asLines(tenant, exportAudit(store, tenant.id, options)))
  })
}

async function* asLines(
  tenant: Tenant,
  pages: AsyncIterable<readonly SealedAuditRow[]>,
): AsyncGenerator<string> {
  for await (const rows of pages) {
    yield rows.map((row) => `${JSON.stringify(rowAsJson(tenant, row))}\n`).join('')
  }
}

/** Every key is always there. `detail_json` is text as it was sealed: parsed and written again it could differ. */
function rowAsJson(tenant: Tenant, row: SealedAuditRow): object {
  return {
    tenant: tenant.code,
    tenant_id: row.tenantId,
    sequence: row.sequence,
    digest: row.digest,
    time: new Date(row.at).toISOString(),
    at: row.at,
    id: row.id,
    action: row.action,
    actor_kind: row.actorKind,
    actor_id: row.actorId ?? null,
    target_kind: row.targetKind,
    target_id: row.targetId ?? null,
    request_id: row.requestId ?? null,
    detail_json: row.detailJson,
  }
}

function parseTime(text: string): number {
  const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/
  const at = iso.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) {
    throw new InvalidArgumentError(
      'It must be a date such as 2026-01-31, or a time such as 2026-01-31T08:00:00Z.',
    )
  }
  return at
}

function parseSequence(text: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    throw new InvalidArgumentError('It must be the sequence of a row: a whole number.')
  }
  return Number(text)
}
