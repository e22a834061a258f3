import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { routeTable } from '../src/http/route-table.ts'
import { evidenceKinds } from '../test/support/evidence.ts'
import { findUnanswered } from './find-unanswered.ts'
import { runChecks, type Totals } from './run-checks.ts'
import { searchEvidence } from './search-evidence.ts'
import { unansweredCodes } from './unanswered-codes.ts'

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
  const evidenceFolder = mkdtempSync(join(tmpdir(), 'rekey-evidence-'))
  try {
    const tests = await runVitest([], evidenceFolder)
    const canary = searchForPasswords(evidenceFolder)
    const answers = requireEveryAnswer(evidenceFolder)
    const parts = [checks, tests, canary, answers]
    return {
      passed: parts.reduce((sum, { passed }) => sum + passed, 0),
      failed: parts.reduce((sum, { failed }) => sum + failed, 0),
    }
  } finally {
    rmSync(evidenceFolder, { recursive: true, force: true })
  }
}

/** The canary: no password that a server made during the tests stands in anything they left behind. */
function searchForPasswords(evidenceFolder: string): Totals {
  const isNarrowed = process.env.REKEY_TEST_DATABASES === 'sqlite'
  const kinds = evidenceKinds.filter((kind) => !(isNarrowed && kind === 'postgres'))
  const { isClean, lines } = searchEvidence(evidenceFolder, kinds)
  console.log(` ${isClean ? '✓' : '✗'} canary: ${lines.join('\n   ')}`)
  return isClean ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** Every code of every route was really answered in this run. */
function requireEveryAnswer(evidenceFolder: string): Totals {
  const databases = process.env.REKEY_TEST_DATABASES === 'sqlite' ? ['sqlite'] : ['sqlite', 'postgres']
  const report = findUnanswered(evidenceFolder, { routes: routeTable, databases, explained: unansweredCodes })
  console.log(` ${report.isComplete ? '✓' : '✗'} answers: ${report.lines.join('\n   ')}`)
  return report.isComplete ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

async function runVitest(args: readonly string[], evidenceFolder?: string): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-tests-'))
  const reportFile = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args]
    const exitCode =
      evidenceFolder === undefined ? await run(vitest) : await runWithEvidence(vitest, evidenceFolder)
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

/** Whatever is printed goes on, and is kept. */
function runWithEvidence(args: readonly string[], evidenceFolder: string): Promise<number> {
  mkdirSync(join(evidenceFolder, 'output'))
  const kept = createWriteStream(join(evidenceFolder, 'output', 'vitest'))
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, REKEY_TEST_EVIDENCE: evidenceFolder },
    })
    for (const [from, to] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const) {
      from.on('data', (chunk: Buffer) => {
        to.write(chunk)
        kept.write(chunk)
      })
    }
    child.on('error', () => resolve(1))
    child.on('close', (code) => kept.end(() => resolve(code ?? 1)))
  })
}

const totals = await runTests(process.argv.slice(2))
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1
