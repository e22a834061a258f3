import type { Clock } from '../clock.ts'
import { Secret } from '../secret.ts'
import { formatHashParameters, type HashParameters } from './hash-parameters.ts'
import type { PasswordHasher } from './password-hasher.ts'

/** What one setting costs on this machine, every core busy with it. */
export interface Calibration {
  readonly parameters: HashParameters
  /** One hash, while as many others run as there are cores. */
  readonly msPerHash: number
  /** All cores together. */
  readonly hashesPerSecond: number
  /** All cores together. */
  readonly memoryMib: number
}

/** OWASP's minimum first, then more passes and more memory, each dearer than the one before for an attacker too. */
const CANDIDATES: readonly Pick<HashParameters, 'memoryKib' | 'passes'>[] = [
  { memoryKib: 19_456, passes: 2 },
  { memoryKib: 19_456, passes: 3 },
  { memoryKib: 32_768, passes: 2 },
  { memoryKib: 47_104, passes: 2 },
  { memoryKib: 65_536, passes: 2 },
  { memoryKib: 65_536, passes: 3 },
  { memoryKib: 98_304, passes: 3 },
  { memoryKib: 131_072, passes: 3 },
  { memoryKib: 262_144, passes: 3 },
  { memoryKib: 524_288, passes: 3 },
  { memoryKib: 1_048_576, passes: 3 },
]
// the first warms memory and threads up and is not counted
const ROUNDS = 3

export interface CalibrateHash {
  readonly hasher: Pick<PasswordHasher, 'hash' | 'newSalt'>
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly cores: number
  readonly targetMs: number
  /** Beyond it nothing is tried: all cores at once would need more. */
  readonly memoryMibMax: number
}

/** Tries dearer and dearer settings until one takes longer than the target, which is the last of the list. */
export async function calibrateHash(deps: CalibrateHash): Promise<readonly Calibration[]> {
  const calibrations: Calibration[] = []
  for (const candidate of CANDIDATES) {
    const parameters = { ...candidate, parallelism: 1 }
    const memoryMib = Math.ceil((candidate.memoryKib * deps.cores) / 1_024)
    if (calibrations.length > 0 && memoryMib > deps.memoryMibMax) {
      break
    }
    const msPerHash = await measure(deps, formatHashParameters(parameters))
    calibrations.push({ parameters, msPerHash, hashesPerSecond: (deps.cores * 1_000) / msPerHash, memoryMib })
    if (msPerHash > deps.targetMs) {
      break
    }
  }
  return calibrations
}

/** The fastest of the rounds: whatever else the machine does only adds. */
async function measure({ hasher, clock, cores }: CalibrateHash, parameters: string): Promise<number> {
  const password = new Secret('what is measured does not depend on it')
  let msPerHash = Number.POSITIVE_INFINITY
  for (let round = 0; round <= ROUNDS; round += 1) {
    const startedMs = clock.monotonicMs()
    const hashes = Array.from({ length: cores }, () => hasher.hash(password, hasher.newSalt(), parameters))
    await Promise.all(hashes)
    if (round > 0) {
      msPerHash = Math.min(msPerHash, clock.monotonicMs() - startedMs)
    }
  }
  return msPerHash
}

/** The dearest within the target; OWASP's minimum, which is the first, even where it takes longer. */
export function recommend(calibrations: readonly Calibration[], targetMs: number): Calibration | undefined {
  return calibrations.findLast(({ msPerHash }) => msPerHash <= targetMs) ?? calibrations[0]
}
