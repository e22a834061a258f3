import { availableParallelism } from 'node:os'
import { type Command, InvalidArgumentError } from 'commander'
import { systemClock } from '../../core/clock.ts'
import { type Calibration, calibrateHash, recommend } from '../../core/password/calibrate-hash.ts'
import { createPasswordHasher } from '../../core/password/create-password-hasher.ts'
import { formatHashParameters } from '../../core/password/hash-parameters.ts'
import { systemRandomBytes } from '../../core/randomness.ts'

const TARGET_MS_MAX = 5_000

export function registerCalibrateHash(program: Command): void {
  program
    .command('calibrate-hash')
    .description('measure what a password hash costs on this machine, and recommend a setting')
    .option('--target-ms <ms>', 'how long one hash may take, every core busy', readTargetMs, 50)
    .helpOption('--help', 'explain this command')
    .addHelpText(
      'after',
      `
A dearer hash makes a stolen database harder to guess, and sign-ins and resets slower: see hashes/s. It needs no
database and changes nothing. Run it on the machine that serves, while that is idle. Never recommended: less than
OWASP's minimum.

Examples:
  rekey calibrate-hash
  rekey calibrate-hash --target-ms 100 --json`,
    )
    .action(async ({ targetMs }: { readonly targetMs: number }, command: Command) => {
      const lines = await calibrate(targetMs, command.optsWithGlobals().json === true)
      console.log(lines.join('\n'))
    })
}

function readTargetMs(text: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > TARGET_MS_MAX) {
    throw new InvalidArgumentError(`Write milliseconds from 1 to ${TARGET_MS_MAX}.`)
  }
  return value
}

async function calibrate(targetMs: number, json: boolean): Promise<readonly string[]> {
  const cores = availableParallelism()
  const hasher = createPasswordHasher({
    random: systemRandomBytes,
    concurrencyMax: cores,
    queueMax: cores,
  })
  // knows a container's limit; the other half is the database's and everybody else's
  const memoryMibMax = process.availableMemory() / 2 ** 20 / 2
  const calibrations = await calibrateHash({ hasher, clock: systemClock, cores, targetMs, memoryMibMax })
  const recommended = recommend(calibrations, targetMs)
  if (recommended === undefined) {
    throw new Error('nothing was measured')
  }
  const measured = { cores, targetMs, calibrations, recommended }
  return json ? [JSON.stringify(presentJson(measured), undefined, 2)] : presentText(measured)
}

interface Measured {
  readonly cores: number
  readonly targetMs: number
  readonly calibrations: readonly Calibration[]
  readonly recommended: Calibration
}

function presentJson({ cores, targetMs, calibrations, recommended }: Measured) {
  const present = (one: Calibration) => ({
    parameters: formatHashParameters(one.parameters),
    ms_per_hash: tenths(one.msPerHash),
    hashes_per_second: tenths(one.hashesPerSecond),
    memory_mib: one.memoryMib,
  })
  return {
    cores,
    target_ms: targetMs,
    measured: calibrations.map(present),
    recommended: present(recommended),
    within_target: recommended.msPerHash <= targetMs,
  }
}

function presentText({ cores, targetMs, calibrations, recommended }: Measured): readonly string[] {
  const row = (cells: readonly string[]) =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(28) : cell.padStart(11))).join('')
  const setting = `REKEY_HASH_PARAMETERS='${formatHashParameters(recommended.parameters)}'`
  return [
    `${cores} ${cores === 1 ? 'core' : 'cores'}, all of them busy; target ${targetMs} ms a hash`,
    '',
    row(['parameters', 'ms/hash', 'hashes/s', 'MiB']),
    ...calibrations.map((one) =>
      row([
        formatHashParameters(one.parameters),
        one.msPerHash.toFixed(1),
        one.hashesPerSecond.toFixed(0),
        String(one.memoryMib),
      ]),
    ),
    '',
    recommended.msPerHash <= targetMs
      ? `Recommended: ${setting}`
      : `As busy as it is now, this machine is slower than the target. OWASP's minimum all the same: ${setting}`,
    'Passwords that exist are hashed anew when they next sign in. Keep the single quotes in a shell.',
  ]
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
