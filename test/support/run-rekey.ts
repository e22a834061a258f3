import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { evidenceEnvironment } from './evidence.ts'
import type { TestApp } from './start-app.ts'

export interface RekeyRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** `rekey` as an operator runs it, with nothing in its environment but `env`; it runs to its end. */
export async function runRekey(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RekeyRun> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../bin/rekey'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...evidenceEnvironment(), ...env },
  })
  const printed = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    printed.stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    printed.stderr += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, ...printed }
}

/** The same on the database of a running server, as its operator has it set up. */
export async function runRekeyOn(
  { database, masterKey }: Pick<TestApp, 'database' | 'masterKey'>,
  ...args: readonly string[]
): Promise<RekeyRun> {
  return await runRekey(args, { REKEY_DATABASE_URL: database.url, REKEY_MASTER_KEY: masterKey })
}
