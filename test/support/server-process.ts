import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ResetPoint } from '../../src/core/reset/reset-deps.ts'
import { addEvidence, evidenceEnvironment, evidenceFolder } from './evidence.ts'

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  /** How the process ended: a signal's name, or its exit code. */
  readonly ended: Promise<string>
  /** Everything it has printed, its log included. */
  output(): string
  /** The point whose file proves that the process got there; undefined: it did not. */
  firedPoint(): string | undefined
  kill(signal: NodeJS.Signals): void
  /** Stops it if it still runs, and removes its traces. */
  close(): Promise<void>
}

export interface ServerProcessOptions {
  readonly databaseUrl: string
  /** 32 bytes, base64: the same for every process on one database. */
  readonly masterKey: string
  /** Ends the process with SIGKILL there. */
  readonly point?: ResetPoint | 'webhook-handed-over'
  /** As an operator starts it, by `rekey serve`; such a process knows no points. */
  readonly isCommand?: boolean
  readonly env?: Readonly<Record<string, string>>
}

const READY_WITHIN_MS = 20_000

/** Starts the real server in a process of its own, on a free port. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-process-'))
  const pointFile = join(folder, 'point')
  const program = options.isCommand === true ? ['bin/rekey', 'serve'] : ['test/support/crash-server.ts']
  const child = spawn(process.execPath, program, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      REKEY_DATABASE_URL: options.databaseUrl,
      REKEY_MASTER_KEY: options.masterKey,
      REKEY_PORT: '0',
      REKEY_LOG_LEVEL: evidenceFolder === undefined ? 'warn' : 'debug',
      ...evidenceEnvironment(),
      ...(options.point === undefined
        ? {}
        : { REKEY_TEST_POINT: options.point, REKEY_TEST_POINT_FILE: pointFile }),
      ...options.env,
    },
  })
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? String(code)))
  })
  const printed: string[] = []
  const url = await waitForUrl(child, ended, printed)
  return {
    url,
    pid: child.pid ?? 0,
    ended,
    output: () => printed.join(''),
    firedPoint: () => (existsSync(pointFile) ? readFileSync(pointFile, 'utf8') : undefined),
    kill: (signal) => void child.kill(signal),
    async close() {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function waitForUrl(child: ChildProcess, ended: Promise<string>, printed: string[]): Promise<string> {
  let isReady = false
  const ready = new Promise<string>((resolve, reject) => {
    const watch = (chunk: Buffer) => {
      printed.push(chunk.toString())
      addEvidence('logs', chunk)
      if (isReady) {
        return
      }
      const url = /(?:ready|listens at) (http\S+)/.exec(printed.join(''))?.[1]
      if (url !== undefined) {
        isReady = true
        resolve(url)
      }
    }
    child.stdout?.on('data', watch)
    child.stderr?.on('data', watch)
    void ended.then((how) =>
      reject(new Error(`the server ended (${how}) before it was ready:\n${printed.join('')}`)),
    )
    setTimeout(
      () => reject(new Error(`the server was not ready in time:\n${printed.join('')}`)),
      READY_WITHIN_MS,
    ).unref()
  })
  return await ready
}
