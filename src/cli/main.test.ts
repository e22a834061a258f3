import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { testDatabases } from '../../test/support/databases.ts'
import { databaseUrl, runOnCluster } from '../../test/support/postgres-cluster.ts'
import { createProgram } from './main.ts'

const root = join(import.meta.dirname, '../..')
const scratch = mkdtempSync(join(tmpdir(), 'rekey-cli-'))
const TIMEOUT_MS = 30_000

afterAll(() => rmSync(scratch, { recursive: true }))

interface Run {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  readonly ended: Promise<number | string | null>
}

let count = 0

/** `rekey` as an operator runs it, in an empty environment and a folder of its own. */
function rekey(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Run & { folder: string } {
  count += 1
  const folder = join(scratch, String(count))
  const database = `sqlite:${join(folder, 'rekey.db')}`
  const child = spawn(process.execPath, [join(root, 'bin/rekey'), ...args], {
    env: { PATH: process.env.PATH, TMPDIR: scratch, REKEY_PORT: '0', REKEY_DATABASE_URL: database, ...env },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? code))
  })
  return { child, folder, stdout: () => stdout, stderr: () => stderr, ended }
}

async function waitForOutput(run: Run, pattern: RegExp): Promise<RegExpExecArray> {
  return await new Promise((resolve, reject) => {
    const look = () => {
      const found = pattern.exec(run.stdout())
      if (found !== null) {
        resolve(found)
      }
    }
    run.child.stdout?.on('data', look)
    void run.ended.then((how) => reject(new Error(`it ended (${how}): ${run.stderr()}`)))
    look()
  })
}

describe('rekey', { timeout: TIMEOUT_MS }, () => {
  it('explains every command with examples', () => {
    const program = createProgram()
    for (const command of [program, ...program.commands]) {
      let text = ''
      command.configureOutput({
        writeOut: (part) => {
          text += part
        },
      })
      command.outputHelp()
      expect(text).toMatch(/Usage: rekey/)
      expect(text).toContain('Examples:')
    }
    expect(program.commands.map((command) => command.name())).toEqual([
      'serve',
      'apply',
      'migrate',
      'create-owner',
      'import',
      'list-imports',
      'export-users',
      'reset-password',
      'list-resets',
      'unlock',
      'enable-user',
      'erase-user',
      'verify-audit',
      'export-audit',
      'stop-resets',
      'allow-resets',
      'check-gateway',
      'list-webhooks',
      'check-webhook',
      'resend-webhook',
      'enable-webhook',
      'doctor',
      'calibrate-hash',
      'preview-template',
      'demo',
    ])
  })

  it('names the nearest command for one that does not exist', async () => {
    const run = rekey(['serv'])
    expect(await run.ended).toBe(1)
    expect(run.stderr()).toContain('Did you mean serve?')
  })
})

describe('rekey serve', { timeout: TIMEOUT_MS }, () => {
  it('says where it listens, answers there, and stops with exit code 0 at SIGTERM', async () => {
    const run = rekey(['serve'])
    const [, url = ''] = await waitForOutput(run, /^Rekey listens at (http:\S+)$/m)
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
    expect(run.stderr()).toBe('')
  })

  it('gives machines its address as JSON', async () => {
    const run = rekey(['serve', '--json'])
    await waitForOutput(run, /^\{"url":"http:\/\/127\.0\.0\.1:\d+"\}$/m)
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
  })

  it('names every wrong setting and makes nothing', async () => {
    const run = rekey(['serve'], { REKEY_PORT: 'x', REKEY_LOG_LEVEL: 'y' })
    expect(await run.ended).toBe(1)
    expect(run.stderr()).toContain('REKEY_PORT: must be')
    expect(run.stderr()).toContain('REKEY_LOG_LEVEL: must be')
    expect(run.stderr()).not.toContain('    at ')
    expect(existsSync(run.folder)).toBe(false)
  })

  it('says what to do when the port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const run = rekey(['serve'], { REKEY_PORT: String(port) })
    expect(await run.ended).toBe(1)
    expect(run.stderr()).toContain(`127.0.0.1:${port} is taken by another program`)
    server.close()
  })

  it('asks for a master key on PostgreSQL', async () => {
    const run = rekey(['serve', '--json'], { REKEY_DATABASE_URL: 'postgres://rekey@127.0.0.1:1/rekey' })
    expect(await run.ended).toBe(1)
    expect(JSON.parse(run.stderr()).error.problems[0]).toContain('openssl rand -base64 32')
  })

  it('says that the database cannot be reached', async () => {
    const run = rekey(['serve'], {
      REKEY_DATABASE_URL: 'postgres://rekey:hunter2@127.0.0.1:1/rekey',
      REKEY_MASTER_KEY: Buffer.alloc(32).toString('base64'),
    })
    expect(await run.ended).toBe(1)
    expect(run.stderr()).toContain('Check REKEY_DATABASE_URL.')
    expect(run.stderr()).not.toContain('hunter2')
  })
})

describe('rekey migrate', { timeout: TIMEOUT_MS }, () => {
  it('says when there is nothing to do', async () => {
    const run = rekey(['migrate'])
    expect(await run.ended).toBe(0)
    expect(run.stdout()).toBe('The database is up to date.\n')
  })

  if (testDatabases.includes('postgres')) {
    it('is what serve asks for on an older PostgreSQL', migratesPostgres)
  }
})

async function migratesPostgres(): Promise<void> {
  const name = `rekey_cli_${randomUUID().replaceAll('-', '')}`
  const cluster = inject('postgresUrl') ?? ''
  await runOnCluster(cluster, `CREATE DATABASE ${name}`)
  const env = {
    REKEY_DATABASE_URL: databaseUrl(cluster, name),
    REKEY_MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
  }
  const refused = rekey(['serve'], env)
  expect(await refused.ended).toBe(1)
  expect(refused.stderr()).toContain('run "rekey migrate" first')

  const migrated = rekey(['migrate', '--json'], env)
  expect(await migrated.ended).toBe(0)
  expect(JSON.parse(migrated.stdout()).applied.length).toBeGreaterThan(0)

  const served = rekey(['serve'], env)
  const [, url = ''] = await waitForOutput(served, /^Rekey listens at (http:\S+)$/m)
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  served.child.kill('SIGTERM')
  expect(await served.ended).toBe(0)
  await runOnCluster(cluster, `DROP DATABASE ${name} WITH (FORCE)`)
}

describe('rekey demo', { timeout: TIMEOUT_MS }, () => {
  it('does one reset from end to end and leaves nothing behind', async () => {
    const run = rekey(['demo', '--once'])
    expect(await run.ended).toBe(0)
    expect(run.stderr()).toBe('')
    expect(run.stdout()).toContain('To: alice@acme.example')
    expect(run.stdout()).toContain('PASSWORD_EXPIRED')
    expect(run.stdout()).toMatch(/The reset went through from end to end\.\n$/)
    expect(readdirSync(scratch).filter((name) => name.startsWith('rekey-demo-'))).toEqual([])
  })

  it('shows the message that its commands send, to this machine only', async () => {
    const run = rekey(['demo'])
    const [, mailbox = ''] = await waitForOutput(run, /^ {2}Mailbox +(http:\S+)$/m)
    await waitForOutput(run, /# 4\./)
    expect(await (await fetch(mailbox)).text()).toContain('No messages yet')
    // what is printed is pasted as it stands
    const pasted = /# 1\.[^\n]*\n([\s\S]*)\n# 3\./.exec(run.stdout())?.[1] ?? ''
    expect(await runShell(pasted)).toContain('HTTP/1.1 200')
    expect(await (await fetch(mailbox)).text()).toContain('alice@acme.example')
    expect(await statusFor(mailbox, 'localhost')).toBe(200)
    expect(await statusFor(mailbox, 'elsewhere.example')).toBe(404)
    run.child.kill('SIGINT')
    expect(await run.ended).toBe(0)
    expect(readdirSync(scratch).filter((name) => name.startsWith('rekey-demo-'))).toEqual([])
  })

  it('takes another port when its own is taken, and says so', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const run = rekey(['demo'], { REKEY_PORT: String(port) })
    await waitForOutput(run, new RegExp(`Port ${port} is taken`))
    run.child.kill('SIGTERM')
    expect(await run.ended).toBe(0)
    server.close()
  })
})

/** The status when a page's own name points at this machine. */
async function statusFor(url: string, host: string): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    }).on('error', reject)
  })
}

async function runShell(script: string): Promise<string> {
  const child = spawn('bash', ['-c', script])
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  await new Promise((resolve) => child.on('close', resolve))
  return output
}
