import type { PermissionBundle } from '../permissions/permission-bundle.ts'
import type { PermissionBundleEntry } from './tenant-file-schema.ts'
import { type RowChange, removal, rowChange, settle } from './tenant-plan.ts'

type BundleChange = RowChange<PermissionBundle> & { readonly kind: 'permission_bundle' }

export interface PermissionBundlePlan {
  /** Before the applications, which may name them. */
  readonly changes: readonly BundleChange[]
  /** After the applications, which may have named them until now. */
  readonly removals: readonly BundleChange[]
  /** As they will be, by code. */
  readonly after: ReadonlyMap<string, PermissionBundle>
}

export function planPermissionBundles(p: {
  readonly entries: readonly PermissionBundleEntry[] | undefined
  readonly stored: readonly PermissionBundle[]
  readonly tenantId: string
  readonly isPruning: boolean
}): PermissionBundlePlan {
  const byCode = new Map(p.stored.map((row) => [row.code, row]))
  const wanted = (p.entries ?? []).map(
    ({ code, name, permissions }): PermissionBundle => ({
      tenantId: p.tenantId,
      code,
      name: settle(name, byCode.get(code)?.name, code),
      permissions,
    }),
  )
  const named = new Set(wanted.map(({ code }) => code))
  const removed =
    p.isPruning && p.entries !== undefined ? p.stored.filter(({ code }) => !named.has(code)) : []
  const kept = p.stored.filter((row) => !removed.includes(row))
  const changes = wanted.flatMap((after): readonly BundleChange[] => {
    const { code } = after
    const change = rowChange({ before: byCode.get(code), after, id: code, name: code, parts })
    return change === undefined ? [] : [{ kind: 'permission_bundle', ...change }]
  })
  return {
    changes,
    removals: removed.map((row) => ({ kind: 'permission_bundle', ...removal(row, row.code, row.code) })),
    after: new Map([...kept, ...wanted].map((row) => [row.code, row])),
  }
}

function parts({ name, permissions }: PermissionBundle): Readonly<Record<string, unknown>> {
  return { name, permissions: permissions.toSorted() }
}
