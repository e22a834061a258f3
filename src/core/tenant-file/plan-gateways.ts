import type { GatewayRow } from '../../store/store.ts'
import type { GatewaySecrets } from './gateway-secrets.ts'
import type { GatewayEntry } from './tenant-file-schema.ts'
import { type RowChange, removal, rowChange } from './tenant-plan.ts'

/** Compares with the secrets opened: sealing the same secret again gives other text, and is no change. */
export function planGateways(p: {
  readonly entries: readonly GatewayEntry[] | undefined
  readonly stored: readonly GatewayRow[]
  readonly tenantId: string
  readonly isPruning: boolean
  readonly now: number
  readonly secrets: GatewaySecrets
}): readonly (RowChange<GatewayRow> & { readonly kind: 'gateway' })[] {
  const byName = new Map(p.stored.map((row) => [row.name, row]))
  const named = new Set(p.entries?.map((entry) => entry.name))
  const removed = p.isPruning && p.entries !== undefined ? p.stored.filter((row) => !named.has(row.name)) : []
  const changes = (p.entries ?? []).flatMap((entry, index) => {
    const before = byName.get(entry.name)
    const row: GatewayRow = {
      tenantId: p.tenantId,
      name: entry.name,
      channel: entry.channel,
      kind: entry.kind,
      priority: entry.priority ?? index + 1,
      settings: '',
      disabled: before?.disabled ?? false,
      // a gateway made anew under an old name must not look like the one that running processes know
      version: before === undefined ? p.now : before.version + 1,
    }
    const parts = (one: GatewayRow) => gatewayParts(one, one === row ? entry.rest : p.secrets.open(one))
    const change = rowChange({ before, after: row, id: row.name, name: row.name, parts })
    return change === undefined
      ? []
      : [{ ...change, after: { ...row, settings: p.secrets.seal(row, entry.rest) } }]
  })
  return [...changes, ...removed.map((row) => removal(row, row.name, row.name))].map((change) => ({
    kind: 'gateway',
    ...change,
  }))
}

function gatewayParts(
  row: GatewayRow,
  settings: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return { channel: row.channel, kind: row.kind, priority: row.priority, ...settings }
}
