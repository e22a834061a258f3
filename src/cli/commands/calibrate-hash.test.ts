import { expect, it, vi } from 'vitest'
import { runRekey } from '../../../test/support/run-rekey.ts'
import { areAllowedHashParameters, parseHashParameters } from '../../core/password/hash-parameters.ts'

// each of these starts the program and hashes for real, on whatever machine runs the tests
vi.setConfig({ testTimeout: 60_000 })

it('recommends a setting that the server takes, for people and for machines', async () => {
  const run = await runRekey(['calibrate-hash', '--target-ms', '1'], {})
  expect([run.code, run.stderr]).toEqual([0, ''])
  expect(run.stdout).toMatch(
    /^parameters +ms\/hash +hashes\/s +MiB\nargon2id\$m=19456,t=2,p=1 +\d+\.\d +\d+ +\d+$/m,
  )
  expect(run.stdout).toContain("minimum all the same: REKEY_HASH_PARAMETERS='argon2id$m=19456,t=2,p=1'")

  const { code, stdout } = await runRekey(['calibrate-hash', '--target-ms', '40', '--json'], {})
  expect(code).toBe(0)
  const { recommended, measured, target_ms } = JSON.parse(stdout)
  const parameters = parseHashParameters(recommended.parameters)
  expect(parameters && areAllowedHashParameters(parameters)).toBe(true)
  expect(measured).toContainEqual(recommended)
  expect(target_ms).toBe(40)
})

it.each(['0', '5001', 'fast', '-1'])('refuses a target of %s and says which there are', async (target) => {
  const run = await runRekey(['calibrate-hash', `--target-ms=${target}`], {})
  expect(run.code).not.toBe(0)
  expect(run.stderr).toContain('Write milliseconds from 1 to 5000.')
})
