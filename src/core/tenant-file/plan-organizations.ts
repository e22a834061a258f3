import type { Organization } from '../../store/store.ts'
import { normaliseKey } from '../users/normalise-key.ts'
import type { OrganizationEntry } from './tenant-file-schema.ts'
import { type RowChange, removal, rowChange, settle } from './tenant-plan.ts'

export interface OrganizationPlan {
  /** Parents before children. */
  readonly changes: readonly (RowChange<Organization> & { readonly kind: 'organization' })[]
  /** Children before parents. */
  readonly removals: readonly (RowChange<Organization> & { readonly kind: 'organization' })[]
  /** By normalised code; those to be removed are not in it. */
  readonly idByCode: ReadonlyMap<string, string>
}

export function planOrganizations(p: {
  /** Undefined: the file does not speak of organisations. */
  readonly entries: readonly OrganizationEntry[] | undefined
  readonly stored: readonly Organization[]
  readonly tenantId: string
  readonly isPruning: boolean
  readonly now: number
  readonly newId: () => string
}): OrganizationPlan {
  const entries = parentsFirst(p.entries ?? [])
  const named = new Set(entries.map((entry) => normaliseKey(entry.code)))
  const storedByCode = new Map(p.stored.map((row) => [normaliseKey(row.code), row]))
  const removed =
    p.isPruning && p.entries !== undefined ? p.stored.filter((row) => !named.has(normaliseKey(row.code))) : []
  const kept = p.stored.filter((row) => !removed.includes(row))
  const idByCode = new Map(kept.map((row) => [normaliseKey(row.code), row.id]))
  for (const entry of entries) {
    const code = normaliseKey(entry.code)
    idByCode.set(code, idByCode.get(code) ?? p.newId())
  }
  const context = { ...p, idByCode }
  return {
    changes: entries.flatMap((entry) =>
      planOrganization(entry, storedByCode.get(normaliseKey(entry.code)), context),
    ),
    removals: childrenFirst(removed).map((row) => ({
      kind: 'organization',
      ...removal(row, row.id, row.code),
    })),
    idByCode,
  }
}

function planOrganization(
  entry: OrganizationEntry,
  before: Organization | undefined,
  context: {
    readonly tenantId: string
    readonly now: number
    readonly newId: () => string
    readonly idByCode: ReadonlyMap<string, string>
  },
): readonly (RowChange<Organization> & { readonly kind: 'organization' })[] {
  const { idByCode } = context
  const after: Organization = {
    category: undefined,
    sequence: undefined,
    language: undefined,
    disabled: false,
    extension: {},
    createdAt: context.now,
    ...before,
    tenantId: context.tenantId,
    id: idByCode.get(normaliseKey(entry.code)) ?? context.newId(),
    code: entry.code,
    name: settle(entry.name, before?.name, entry.code),
    parentId:
      entry.parentCode === undefined
        ? before?.parentId
        : idByCode.get(normaliseKey(entry.parentCode ?? '')) /* null: a root */,
    updatedAt: context.now,
  }
  const parts = (row: Organization) => ({ code: row.code, name: row.name, parent_code: row.parentId })
  const change = rowChange({ before, after, id: after.id, name: after.code, parts })
  return change === undefined ? [] : [{ kind: 'organization', ...change }]
}

function parentsFirst(entries: readonly OrganizationEntry[]): readonly OrganizationEntry[] {
  const byCode = new Map(entries.map((entry) => [normaliseKey(entry.code), entry]))
  const ordered = new Set<OrganizationEntry>()
  for (const start of entries) {
    const chain: OrganizationEntry[] = []
    let entry: OrganizationEntry | undefined = start
    while (entry !== undefined && !ordered.has(entry) && !chain.includes(entry)) {
      chain.push(entry)
      entry = typeof entry.parentCode === 'string' ? byCode.get(normaliseKey(entry.parentCode)) : undefined
    }
    for (const link of chain.reverse()) {
      ordered.add(link)
    }
  }
  return [...ordered]
}

function childrenFirst(rows: readonly Organization[]): readonly Organization[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const depth = (row: Organization, seen = 0): number => {
    const parent = row.parentId === undefined ? undefined : byId.get(row.parentId)
    return parent === undefined || seen > rows.length ? seen : depth(parent, seen + 1)
  }
  return rows.toSorted((left, right) => depth(right) - depth(left))
}
