import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/core/clock.ts'
import { writeCsvRecord } from '../src/core/imports/write-csv.ts'
import { connectStore } from '../src/store/connect.ts'
import { databaseUrl, runOnCluster, startCluster } from '../test/support/postgres-cluster.ts'
import { seedTenant } from '../test/support/seed-tenant.ts'

// How long an import of many users takes, and how much memory, as an operator runs it. `node tools/measure-import.ts [ROWS]`

const ROWS = Number(process.argv[2] ?? 100_000)
const POLL_MS = 100

interface Cost {
  readonly seconds: number
  readonly peakMegabytes: number
  readonly summary: string
}

async function measure(kind: string, url: string, folder: string, files: readonly string[]): Promise<void> {
  const store = await connectStore(url, { clock: systemClock, migrate: 'never' })
  await store.migrate()
  const tenant = await seedTenant(store, { code: 'acme' })
  await store.transaction(({ organizations }) =>
    organizations.insert({
      ...{ tenantId: tenant.id, id: 'it', code: 'it', name: 'IT', parentId: undefined, category: undefined },
      ...{
        sequence: undefined,
        language: undefined,
        disabled: false,
        extension: {},
        createdAt: 1,
        updatedAt: 1,
      },
    }),
  )
  await store.close()
  const masterKey = randomBytes(32).toString('base64')
  const run = (...args: readonly string[]) => runMeasured(args, url, masterKey)
  const [small = '', large = ''] = files
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['dry run', ['import', large, '--dry-run', '--json']],
    [`import of ${ROWS / 10}`, ['import', small, '--json']],
    ['import', ['import', large, '--json']],
    ['export', ['export-users', join(folder, `${kind}.csv`)]],
    ['import of the export', ['import', join(folder, `${kind}.csv`), '--update', '--json']],
  ]
  for (const [what, args] of steps) {
    const { seconds, peakMegabytes, summary } = await run(...args)
    console.log(
      `${kind}, ${what}: ${seconds.toFixed(1)} s, ${peakMegabytes.toFixed(0)} MB at most; ${summary}`,
    )
  }
}

async function runMeasured(args: readonly string[], url: string, masterKey: string): Promise<Cost> {
  const startedMs = performance.now()
  const child = spawn(process.execPath, ['bin/rekey', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, REKEY_DATABASE_URL: url, REKEY_MASTER_KEY: masterKey },
  })
  let [peakMegabytes, output] = [0, '']
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const timer = setInterval(() => {
    peakMegabytes = Math.max(peakMegabytes, peakMegabytesOf(child))
  }, POLL_MS)
  await once(child, 'close')
  clearInterval(timer)
  return { seconds: (performance.now() - startedMs) / 1_000, peakMegabytes, summary: summaryOf(output) }
}

/** Linux only; 0 once it has ended. */
function peakMegabytesOf({ pid }: ChildProcess): number {
  try {
    const kibibytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return (Number(kibibytes ?? 0) * 1_024) / 1_000_000
  } catch {
    return 0
  }
}

function summaryOf(output: string): string {
  if (!output.startsWith('{')) {
    return output.trim()
  }
  const { created, updated, unchanged, failed } = JSON.parse(output) as Record<string, number>
  return `${created} created, ${updated} changed, ${unchanged} unchanged, ${failed} refused`
}

async function writeUsers(file: string, first: number, count: number): Promise<void> {
  const stream = createWriteStream(file)
  stream.write(
    writeCsvRecord([
      'user_name',
      'name',
      'mobile',
      'email',
      'org_code',
      'employee_id',
      'attr_city',
      'extension.cost_center',
    ]),
  )
  for (let number = first; number < first + count; number += 1) {
    const mobile = `+86-139${String(number).padStart(8, '0')}`
    const cells = [`user${number}`, `Person ${number}`, mobile, `user${number}@acme.example`]
    if (!stream.write(writeCsvRecord([...cells, 'it', `E${number}`, 'Shanghai', String(number % 100)]))) {
      await once(stream, 'drain')
    }
  }
  stream.end()
  await once(stream, 'close')
}

const folder = mkdtempSync(join(tmpdir(), 'rekey-measure-import-'))
const cluster = await startCluster()
try {
  const files = [join(folder, 'small.csv'), join(folder, 'large.csv')] as const
  await writeUsers(files[0], ROWS + 1, ROWS / 10)
  await writeUsers(files[1], 1, ROWS)
  await measure('sqlite', `sqlite:${join(folder, 'rekey.db')}`, folder, files)
  await runOnCluster(cluster.url, 'create database imports')
  await measure('postgres', databaseUrl(cluster.url, 'imports'), folder, files)
} finally {
  await cluster.stop()
  rmSync(folder, { recursive: true, force: true })
}
