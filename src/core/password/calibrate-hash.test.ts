import { describe, expect, it } from 'vitest'
import { systemRandomBytes } from '../randomness.ts'
import { type CalibrateHash, calibrateHash, recommend } from './calibrate-hash.ts'
import { createPasswordHasher } from './create-password-hasher.ts'
import {
  areAllowedHashParameters,
  DEFAULT_HASH_PARAMETERS,
  formatHashParameters,
  parseHashParameters,
} from './hash-parameters.ts'

/** A machine that needs this long for a pass over a MiB, whatever runs beside it. */
function machineOf(msPerMibAndPass: number, change: Partial<CalibrateHash> = {}): CalibrateHash {
  let nowMs = 0
  let running = 0
  const { newSalt } = createPasswordHasher({ random: systemRandomBytes, concurrencyMax: 1, queueMax: 1 })
  return {
    cores: 2,
    targetMs: 50,
    memoryMibMax: 100_000,
    clock: { monotonicMs: () => nowMs },
    hasher: {
      newSalt,
      hash: async (_password, _salt, text) => {
        running += 1
        const { memoryKib = 0, passes = 0 } = parseHashParameters(text) ?? {}
        await Promise.resolve()
        running -= 1
        if (running === 0) nowMs += (memoryKib / 1_024) * passes * msPerMibAndPass
        return ''
      },
    },
    ...change,
  }
}

async function recommendedOn(machine: CalibrateHash): Promise<string> {
  const found = recommend(await calibrateHash(machine), machine.targetMs)
  if (found === undefined) throw new Error('nothing was measured')
  expect(areAllowedHashParameters(found.parameters)).toBe(true)
  return formatHashParameters(found.parameters)
}

describe('calibrateHash', () => {
  it('recommends the dearest setting within the target', async () => {
    const machine = machineOf(0.4)
    const calibrations = await calibrateHash(machine)
    expect(calibrations.map(({ msPerHash }) => Math.round(msPerHash))).toEqual([15, 23, 26, 37, 51])
    expect(calibrations[0]).toMatchObject({ memoryMib: 38 })
    expect(calibrations[0]?.hashesPerSecond).toBeCloseTo(2_000 / 15.2)
    expect(await recommendedOn(machine)).toBe('argon2id$m=47104,t=2,p=1')
    expect(await recommendedOn(machineOf(0.4, { targetMs: 500 }))).toBe('argon2id$m=262144,t=3,p=1')
  })

  it('never goes below OWASP’s minimum, however slow the machine', async () => {
    const machine = machineOf(40)
    expect(await calibrateHash(machine)).toHaveLength(1)
    expect(await recommendedOn(machine)).toBe(DEFAULT_HASH_PARAMETERS)
  })

  it('tries nothing that all cores together have no memory for', async () => {
    expect(await recommendedOn(machineOf(0.001, { cores: 8, memoryMibMax: 600 }))).toBe(
      'argon2id$m=65536,t=3,p=1',
    )
  })
})
