import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { systemClock } from '../../src/core/clock.ts'
import { connectStore } from '../../src/store/connect.ts'
import { ensureTestPrograms, findPostgres } from '../../tools/setup.ts'
import { evidenceFolder, keepFiles } from './evidence.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the throwaway cluster's database `postgres`; undefined: SQLite only was asked for. */
    readonly postgresUrl: string | undefined
  }
}

export interface PostgresCluster {
  /** Of the database `postgres`, as superuser. */
  readonly url: string
  readonly port: number
  /** Ends the server at once; `start` brings it back with what was committed. */
  halt(): Promise<void>
  start(): Promise<void>
  /** Ends the server and removes its files. */
  stop(): Promise<void>
}

/** Every test database is a copy of this migrated one, which is quicker than migrating each. */
export const templateDatabase = 'rekey_template'

const run = promisify(execFile)

/** Vitest's global set-up: a PostgreSQL cluster of our own for the whole run. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env.REKEY_TEST_DATABASES === 'sqlite') {
    console.log('REKEY_TEST_DATABASES=sqlite: the tests on PostgreSQL are left out.')
    project.provide('postgresUrl', undefined)
    return undefined
  }
  const cluster = await startCluster()
  try {
    await createTemplate(cluster)
  } catch (error) {
    await cluster.stop()
    throw error
  }
  project.provide('postgresUrl', cluster.url)
  return cluster.stop
}

/**
 * A cluster in a temporary folder; `changes` to its settings win over those that suit tests, which give up durability.
 * PostgreSQL refuses to run as root: then it runs as user `postgres`.
 */
export async function startCluster(changes: Readonly<Record<string, string>> = {}): Promise<PostgresCluster> {
  await ensureTestPrograms(['postgres'])
  const binaries = findPostgres() ?? ''
  const owner = await clusterOwner()
  const folder = mkdtempSync(join(tmpdir(), 'rekey-postgres-'))
  if (owner !== undefined) {
    chownSync(folder, owner.uid, owner.gid)
  }
  const port = await freePort()
  const initdbArgs = [
    '--pgdata',
    dataIn(folder),
    '--username',
    'postgres',
    '--auth',
    'trust',
    '--encoding',
    'UTF8',
  ]
  await run(join(binaries, 'initdb'), [...initdbArgs, '--no-locale', '--no-sync'], { ...owner, cwd: folder })
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let server: ChildProcess | undefined

  async function start(): Promise<void> {
    server = spawnServer(join(binaries, 'postgres'), folder, { port: String(port), ...changes }, owner)
    await waitUntilReady(url, server)
  }
  async function end(word: 'keep' | 'remove'): Promise<void> {
    if (server?.exitCode === null) {
      const ended = new Promise((resolve) => server?.once('exit', resolve))
      server.stdin?.end(`${word}\n`)
      await ended
    }
  }
  await start()
  return {
    url,
    port,
    start,
    halt: () => end('keep'),
    async stop() {
      await end(evidenceFolder === undefined ? 'remove' : 'keep')
      keepDataFolder(folder)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * The server's keeper waits for a word or for the end of its input, which comes with the end of this process, however
 * that ends. Then it stops the server, and removes the folder unless the word was `keep`: nothing is ever left behind.
 */
const KEEPER = `exec 3<&0; folder=$1; shift
"$@" </dev/null & server=$!
read -r word <&3
kill -QUIT $server; wait $server
[ "$word" = keep ] || rm -rf "$folder"`

function spawnServer(
  binary: string,
  folder: string,
  changes: Readonly<Record<string, string>>,
  owner: { uid: number; gid: number } | undefined,
): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    max_connections: '200',
    shared_buffers: '64MB',
    ...changes,
  }
  const settingArgs = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return spawn('/bin/sh', ['-c', KEEPER, 'keeper', folder, binary, '-D', dataIn(folder), ...settingArgs], {
    ...owner,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // a Ctrl-C at the terminal is for us alone: our end is its sign
  })
}

function dataIn(folder: string): string {
  return join(folder, 'data')
}

/** The whole of it, its WAL included. */
function keepDataFolder(folder: string): void {
  if (evidenceFolder !== undefined) {
    mkdirSync(join(evidenceFolder, 'postgres'), { recursive: true })
    renameSync(dataIn(folder), join(evidenceFolder, 'postgres', basename(folder)))
  }
}

/** The files of our tables and indexes as they are on disk, dead rows included: a dropped database leaves none. */
export async function keepPostgresTables(url: string): Promise<void> {
  if (evidenceFolder === undefined) {
    return
  }
  await runOnCluster(url, 'CHECKPOINT')
  const rows = await runOnCluster(
    url,
    `SELECT current_setting('data_directory') || '/' || pg_relation_filepath(oid) AS path
     FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'i', 't')`,
  )
  keepFiles(
    'postgres',
    rows.map(({ path }) => String(path)),
  )
}

async function createTemplate(cluster: PostgresCluster): Promise<void> {
  await runOnCluster(cluster.url, `CREATE DATABASE ${templateDatabase}`)
  const url = databaseUrl(cluster.url, templateDatabase)
  const store = await connectStore(url, { clock: systemClock, migrate: 'never' })
  try {
    await store.migrate()
  } finally {
    await store.close()
  }
}

export function databaseUrl(clusterUrl: string, name: string): string {
  return Object.assign(new URL(clusterUrl), { pathname: `/${name}` }).toString()
}

/** Runs one statement on a connection of its own; int8 comes as a number. */
export async function runOnCluster(
  url: string,
  statement: string,
  parameters: readonly string[] = [],
): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  client.setTypeParser(20, Number)
  client.on('error', () => undefined) // the server may go away before the connection does
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement, [...parameters])).rows
  } finally {
    await client.end()
  }
}

async function clusterOwner(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) {
    return undefined
  }
  const [uid, gid] = await Promise.all(['-u', '-g'].map((option) => run('id', [option, 'postgres'])))
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function waitUntilReady(url: string, server: ChildProcess): Promise<void> {
  const giveUpAt = Date.now() + 30_000
  for (;;) {
    try {
      await runOnCluster(url, 'SELECT 1')
      return
    } catch (error) {
      if (Date.now() > giveUpAt || server.exitCode !== null) {
        throw error
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
