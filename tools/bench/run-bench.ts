import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DEFAULT_HASH_PARAMETERS } from '../../src/core/password/hash-parameters.ts'
import { type PostgresCluster, startCluster } from '../../test/support/postgres-cluster.ts'
import { findPostgres } from '../setup.ts'
import { installPacked } from './install-packed.ts'
import { formatAim, judgeAims } from './judge-aims.ts'
import { openBench } from './measure.ts'
import { measureEmbedded } from './measure-embedded.ts'
import { measureGrowth } from './measure-growth.ts'
import { measurePostgres } from './measure-postgres.ts'
import type { BenchResult } from './result.ts'
import { fullSettings, quickSettings } from './settings.ts'

const root = join(import.meta.dirname, '../..')

const HELP = `npm run bench -- [--quick] [--output FILE] [--folder FOLDER] [--profile FOLDER]

Measures the server over HTTP and writes docs/benchmarks.json; then "npm run docs" makes docs/benchmarks.md of it.
Exit code 1 means that the bench failed; a missed aim is a result.

  --quick           everything once and small, in about a minute; written nowhere unless --output says so
  --output FILE     where the result goes
  --folder FOLDER   where the databases go, on a disk like the one in use; default: the system's temporary folder
  --profile FOLDER  CPU profiles of the server go there (and slow it down)`

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    output: { type: 'string' },
    folder: { type: 'string', default: tmpdir() },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

/** Measures everything, one after the other. */
async function runBench(folder: string, installation: string): Promise<BenchResult> {
  const settings = options.quick ? quickSettings : fullSettings
  const cores = availableParallelism()
  const nodeArgs =
    options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(options.profile)}`]
  const hashParameters = DEFAULT_HASH_PARAMETERS
  const { bench, close } = await openBench({
    settings,
    folder,
    installation,
    hashParameters,
    nodeArgs,
    note: console.log,
  })
  const postgres = await openPostgres()
  try {
    console.log('Embedded database')
    const embedded = await measureEmbedded(bench, cores)
    console.log('Few people and many')
    const growth = await measureGrowth(bench)
    console.log(postgres === undefined ? 'PostgreSQL: not found, left out' : 'PostgreSQL')
    const shared = postgres && (await measurePostgres(bench, postgres.cluster))
    const loads = [...embedded.loads, ...growth, ...(shared?.loads ?? [])]
    const { start } = embedded
    return {
      machine: readMachine(cores, postgres?.version),
      run: {
        date: new Date().toISOString(),
        revision: readRevision(),
        isQuick: options.quick,
        hashParameters,
        settings,
      },
      start,
      loads,
      proofs: [...embedded.proofs, ...(shared?.proofs ?? [])],
      aims: judgeAims({ start, loads, settings, cores }),
    }
  } finally {
    await close()
    await postgres?.cluster.stop()
  }
}

async function openPostgres(): Promise<{ cluster: PostgresCluster; version: string } | undefined> {
  const binaries = findPostgres()
  if (binaries === undefined || process.env.REKEY_TEST_DATABASES === 'sqlite') {
    return undefined
  }
  const version = execFileSync(join(binaries, 'postgres'), ['--version'], { encoding: 'utf8' })
  // as durable as in use: the tests' cluster is not
  const cluster = await startCluster({ fsync: 'on', shared_buffers: '256MB' })
  return { cluster, version: /\d+(\.\d+)*/.exec(version)?.[0] ?? '' }
}

function readMachine(cores: number, postgres: string | undefined): BenchResult['machine'] {
  return {
    cores,
    cpuModel: cpus()[0]?.model.trim() ?? '',
    memoryGigabytes: Math.round(totalmem() / 1_000_000_000),
    node: process.version,
    postgres,
  }
}

function readRevision(): string {
  try {
    const git = (args: readonly string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()
    const hasChanges = git(['status', '--porcelain', '--untracked-files=no', '--', 'src']) !== ''
    return `${git(['rev-parse', '--short=12', 'HEAD'])}${hasChanges ? '-changed' : ''}`
  } catch {
    return 'unknown'
  }
}

async function main(): Promise<void> {
  if (options.help) {
    console.log(HELP)
    return
  }
  if (process.platform !== 'linux') {
    throw new Error('the bench reads CPU times from /proc, so it runs on Linux only')
  }
  const folder = mkdtempSync(join(options.folder, 'rekey-bench-'))
  const installation = installPacked()
  try {
    const result = await runBench(folder, installation)
    console.log(`\n${result.aims.map(formatAim).join('\n')}`)
    const output = options.output ?? (options.quick ? undefined : join(root, 'docs/benchmarks.json'))
    if (output !== undefined) {
      writeFileSync(output, `${JSON.stringify(result, null, 2)}\n`)
      console.log(`\nwritten: ${output}`)
    }
  } finally {
    rmSync(folder, { recursive: true })
    rmSync(installation, { recursive: true })
  }
}

try {
  await main()
  process.exit()
} catch (error) {
  console.error(error)
  process.exit(1)
}
