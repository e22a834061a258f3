import { spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

interface Check {
  readonly name: string
  readonly guarantees: string
  /** Below `node_modules`, or of ours. */
  readonly script: string
  readonly args: readonly string[]
}

const checks: readonly Check[] = [
  {
    name: 'biome',
    guarantees: 'formatted and free of lint findings',
    script: 'node_modules/@biomejs/biome/bin/biome',
    args: ['ci', '.'],
  },
  {
    name: 'tsc',
    guarantees: 'every type holds',
    script: 'node_modules/typescript/bin/tsc',
    args: ['--project', '.'],
  },
  {
    name: 'dependency-cruiser',
    guarantees: 'folders keep their boundaries',
    script: 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['src', '--config', '.dependency-cruiser.cjs'],
  },
  {
    name: 'knip',
    guarantees: 'no file, export or dependency is left over',
    script: 'node_modules/knip/bin/knip.js',
    args: [],
  },
  {
    name: 'docs',
    guarantees: 'generated pages say what the sources say',
    script: 'tools/generate-docs.ts',
    args: ['--check'],
  },
  {
    name: 'openapi',
    guarantees: 'the API description and the types of clients say what the routes say',
    script: 'tools/generate-openapi.ts',
    args: ['--check'],
  },
  {
    name: 'openapi lint',
    guarantees: 'the API description breaks no rule of its linter',
    script: 'tools/lint-openapi.ts',
    args: [],
  },
]

export interface Totals {
  readonly passed: number
  readonly failed: number
}

/** Runs every check, one after the other, and prints what a failing one says. */
export async function runChecks(): Promise<Totals> {
  let failed = 0
  for (const check of checks) {
    const { exitCode, output } = await runCheck(check)
    if (exitCode === 0) {
      console.log(` ✓ ${check.name}: ${check.guarantees}`)
    } else {
      failed += 1
      console.log(` ✗ ${check.name} (${check.guarantees}) fails:\n${output.trimEnd()}\n`)
    }
  }
  return { passed: checks.length - failed, failed }
}

function runCheck(check: Check): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, check.script), ...check.args], { cwd: root })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (error) => resolve({ exitCode: 1, output: error.message }))
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output }))
  })
}

if (import.meta.main) {
  const { failed } = await runChecks()
  process.exitCode = failed === 0 ? 0 : 1
}
