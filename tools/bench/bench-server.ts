import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { BenchDatabase } from './database.ts'

export interface BenchServer {
  readonly url: string
  readonly pid: number
  /** From exec to the first 200 of `/health/ready`. */
  readonly startSeconds: number
  /** Of the application that may do everything. */
  fetchToken(): Promise<string>
  /** 99th percentile, in milliseconds, since it was asked for the last time. */
  readEventLoopDelayMs(): Promise<number>
  stop(): Promise<void>
}

export interface BenchTenant {
  readonly smtpPort: number
  readonly smtpConnections: number
  readonly samplePassword: string
}

export const client = { id: 'bench', secret: randomBytes(24).toString('hex') }
const masterKey = randomBytes(32).toString('base64')

/**
 * Every limit on resets and sign-ins is lifted as far as the tenant file goes, so that what is measured is the server.
 * Only the sample user is here: the others are copies of it.
 */
function tenantFile({ smtpPort, smtpConnections, samplePassword }: BenchTenant): string {
  return `
tenant: { code: bench, name: Bench, domains: [id.bench.example], language: en, time_zone: UTC }
reset:
  limits:
    per_user_per_hour: 1000
    per_user_per_day: 1000
    per_destination_per_hour: 1000
    per_application_per_hour: 1000000
sign_in: { per_address_per_minute: 1000000 }
gateways:
  - { name: mail, channel: EMAIL, kind: smtp, url: "smtp://127.0.0.1:${smtpPort}", from: "IT <it@bench.example>", connections_max: ${smtpConnections} }
templates:
  - event: reset-password
    channel: EMAIL
    language: en
    subject: Your new password
    text: |
      Hello {{ name }}, your new password is
      {{ password }}
      It works until {{ expires_at }}.
users:
  - { user_name: sample, name: Sample, email: sample@bench.example, language: en, password: "${samplePassword}" }
applications:
  - { name: Bench, client_id: ${client.id}, client_secret: ${client.secret}, permissions: [user_all] }
`
}

/** Migrates the database and gives it the bench's tenant. */
export async function applyTenant(
  database: BenchDatabase,
  { folder, installation }: { readonly folder: string; readonly installation: string },
  tenant: BenchTenant,
): Promise<void> {
  const file = join(folder, 'tenant.yaml')
  writeFileSync(file, tenantFile(tenant))
  if (database.kind === 'postgres') {
    await runRekey(database, installation, ['migrate'])
  }
  await runRekey(database, installation, ['apply', '-f', file])
}

function environment(database: BenchDatabase): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    REKEY_DATABASE_URL: database.url,
    REKEY_MASTER_KEY: masterKey,
    REKEY_PORT: '0',
  }
}

async function runRekey(
  database: BenchDatabase,
  installation: string,
  args: readonly string[],
): Promise<void> {
  const child = spawn(process.execPath, [join(installation, 'bin/rekey'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(database),
  })
  const printed = collectOutput(child)
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) {
    throw new Error(`rekey ${args[0]} ended with ${code}: ${printed()}`)
  }
}

/** `rekey serve`, as an operator starts it: level `info`, logs written and thrown away. */
export async function startServer(
  database: BenchDatabase,
  { installation, nodeArgs }: { readonly installation: string; readonly nodeArgs: readonly string[] },
): Promise<BenchServer> {
  const startedMs = performance.now()
  const child = spawn(process.execPath, [...nodeArgs, join(installation, 'bin/rekey'), 'serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(database),
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const url = await waitForUrl(child)
  const ready = await fetch(`${url}/health/ready`)
  if (!ready.ok) {
    throw new Error(`the server is not ready: ${await ready.text()}`)
  }
  const startSeconds = (performance.now() - startedMs) / 1_000
  child.stdout?.resume()
  child.stderr?.resume()
  return {
    url,
    pid: child.pid ?? 0,
    startSeconds,
    fetchToken: () => fetchToken(url),
    readEventLoopDelayMs: () => readEventLoopDelayMs(url),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function collectOutput(child: ChildProcess): () => string {
  const printed: string[] = []
  child.stdout?.on('data', (chunk: Buffer) => printed.push(chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => printed.push(chunk.toString()))
  return () => printed.join('')
}

function waitForUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const watch = (chunk: Buffer) => {
      printed += chunk.toString()
      const url = /listens at (http\S+)/.exec(printed)?.[1]
      if (url !== undefined) {
        child.stdout?.off('data', watch)
        child.stderr?.off('data', watch)
        resolve(url)
      }
    }
    child.stdout?.on('data', watch)
    child.stderr?.on('data', watch)
    child.once('close', () => reject(new Error(`the server ended before it listened: ${printed}`)))
  })
}

async function fetchToken(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v2/tenant/token`, {
    method: 'POST',
    headers: { Authorization: basicAuthorization() },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  const { access_token: token } = (await answer.json()) as { readonly access_token?: string }
  if (token === undefined) {
    throw new Error(`no token: ${answer.status}`)
  }
  return token
}

export function basicAuthorization(): string {
  return `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`
}

// `monitorEventLoopDelay` notes the time between two ticks of a timer, so a loop that never waits shows the interval
const MONITOR_INTERVAL_MS = 10

async function readEventLoopDelayMs(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const seconds = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(text)?.[1]
  if (seconds === undefined) {
    throw new Error('the server does not say how late its event loop is')
  }
  return Math.max(0, Number(seconds) * 1_000 - MONITOR_INTERVAL_MS)
}
