import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecks, type Totals } from './run-checks.ts'

const root = join(import.meta.dirname, '..')

/** The part of Vitest's JSON report that is read here. */
interface VitestReport {
  readonly success: boolean
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/**
 * Everything that must hold: what the tests need, the checks, the tests. Each check counts as a test. The last line is
 * `N passed, N failed`; arguments narrow the tests and leave the checks out.
 */
async function runTests(vitestArgs: readonly string[]): Promise<Totals> {
  if ((await run(['tools/setup.ts'])) !== 0) {
    return { passed: 0, failed: 1 }
  }
  if (vitestArgs.length > 0) {
    console.log('The checks are left out, because only some tests were asked for.')
    return await runVitest(vitestArgs)
  }
  const checks = await runChecks()
  const tests = await runVitest([])
  return { passed: checks.passed + tests.passed, failed: checks.failed + tests.failed }
}

async function runVitest(args: readonly string[]): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-tests-'))
  const reportFile = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
    const exitCode = await run(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args])
    return readTotals(reportFile, exitCode)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Files that could not be loaded and errors outside of tests have no test to count, and count as one failure each. */
function readTotals(reportFile: string, exitCode: number): Totals {
  let report: VitestReport
  try {
    report = JSON.parse(readFileSync(reportFile, 'utf8'))
  } catch {
    console.log('Vitest ended without a report.')
    return { passed: 0, failed: 1 }
  }
  const skipped = report.numPendingTests + report.numTodoTests
  if (skipped > 0) {
    console.log(`${skipped} tests were skipped.`)
  }
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  )
  const failed = report.numFailedTests + broken.length
  return { passed: report.numPassedTests, failed: exitCode !== 0 && failed === 0 ? 1 : failed }
}

function run(args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
    child.on('error', () => resolve(1))
    child.on('close', (code) => resolve(code ?? 1))
  })
}

const totals = await runTests(process.argv.slice(2))
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1
