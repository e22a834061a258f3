import { isPermissionCode, type PermissionCode } from './permission-codes.ts'

/** Built-in codes under one name, which applications have by reference (contract, section 1: custom API products). */
export interface PermissionBundle {
  readonly tenantId: string
  /** Never that of a built-in code; it does not change. */
  readonly code: string
  readonly name: string
  readonly permissions: readonly PermissionCode[]
}

/** What an application was granted, as the tenant file says it. */
export interface Grants {
  readonly codes: readonly PermissionCode[]
  /** Codes of bundles. */
  readonly bundles: readonly string[]
}

/** Words of the tenant file, told apart. */
export function toGrants(words: readonly string[]): Grants {
  return {
    codes: words.filter(isPermissionCode),
    bundles: words.filter((word) => !isPermissionCode(word)),
  }
}

/** Everything that is granted, each code once. A bundle that is not among those given grants nothing. */
export function expandGrants(
  { codes, bundles }: Grants,
  known: ReadonlyMap<string, Pick<PermissionBundle, 'permissions'>>,
): readonly PermissionCode[] {
  return bundles.length === 0
    ? codes
    : [...new Set([...codes, ...bundles.flatMap((code) => known.get(code)?.permissions ?? [])])]
}
