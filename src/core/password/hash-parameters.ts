/** What one Argon2id hash costs. */
export interface HashParameters {
  readonly memoryKib: number
  readonly passes: number
  readonly parallelism: number
}

/** OWASP's first choice: Argon2id, 19 MiB, two passes, one thread. */
export const DEFAULT_HASH_PARAMETERS = 'argon2id$m=19456,t=2,p=1'

/** The least that is allowed: any of these, which cost an attacker about the same. */
export const HASH_MINIMUMS: readonly Pick<HashParameters, 'memoryKib' | 'passes'>[] = [
  // OWASP Password Storage Cheat Sheet, Argon2id
  { memoryKib: 47_104, passes: 1 },
  { memoryKib: 19_456, passes: 2 },
  { memoryKib: 12_288, passes: 3 },
  { memoryKib: 9_216, passes: 4 },
  { memoryKib: 7_168, passes: 5 },
]
export const HASH_MEMORY_KIB_MAX = 1_048_576 // 1 GiB for every core
export const HASH_PASSES_MAX = 100

/** Reads `argon2id$m={KiB},t={passes},p={threads}`; undefined: it is something else. */
export function parseHashParameters(text: string): HashParameters | undefined {
  const match = /^argon2id\$m=([1-9]\d{0,8}),t=([1-9]\d{0,8}),p=([1-9]\d{0,8})$/.exec(text)
  if (match === null) {
    return undefined
  }
  const [memoryKib = 0, passes = 0, parallelism = 0] = match.slice(1).map(Number)
  return { memoryKib, passes, parallelism }
}

export function formatHashParameters({ memoryKib, passes, parallelism }: HashParameters): string {
  return `argon2id$m=${memoryKib},t=${passes},p=${parallelism}`
}

/**
 * Whether an installation may choose them: at least OWASP's minimum, and nothing that a machine cannot have. One thread
 * only: hashes of different people keep the cores busy, and a hash that takes several would break the count of one a core.
 */
export function areAllowedHashParameters({ memoryKib, passes, parallelism }: HashParameters): boolean {
  return (
    parallelism === 1 &&
    memoryKib <= HASH_MEMORY_KIB_MAX &&
    passes <= HASH_PASSES_MAX &&
    HASH_MINIMUMS.some((least) => memoryKib >= least.memoryKib && passes >= least.passes)
  )
}
