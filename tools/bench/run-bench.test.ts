import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderChart } from './render-chart.ts'
import { renderBenchmarks } from './render-page.ts'
import { type BenchResult, loadTitles } from './result.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'rekey-bench-test-'))
let text = ''
let result: BenchResult
let printed = ''

beforeAll(async () => {
  const output = join(folder, 'result.json')
  const args = ['tools/bench/run-bench.ts', '--quick', '--output', output, '--folder', folder]
  printed = (await promisify(execFile)(process.execPath, args, { cwd: root })).stdout
  text = readFileSync(output, 'utf8')
  result = JSON.parse(text)
}, 400_000) // about a minute where nothing else runs

afterAll(() => rmSync(folder, { recursive: true }))

describe('npm run bench -- --quick', () => {
  it('measures every load', () => {
    const isLeftOut = (name: string) => result.machine.postgres === undefined && name.endsWith('Postgres')
    const expected = Object.keys(loadTitles).filter((name) => !isLeftOut(name))
    expect(result.loads.map(({ name }) => name).toSorted()).toEqual(expected.toSorted())
    for (const { name, answered, perSecond, cpuMsPerCall } of result.loads) {
      expect(answered, name).toBeGreaterThan(0)
      expect(perSecond, name).toBeGreaterThan(0)
      expect(cpuMsPerCall, name).toBeGreaterThanOrEqual(0)
    }
  })

  it('proves that delivered passwords sign in', () => {
    expect(result.proofs.map(({ load }) => load)).toEqual(expect.arrayContaining(['reset', 'resetSlow']))
    for (const { load, asked, signedIn } of result.proofs) {
      expect(asked, load).toBeGreaterThan(0)
      expect(signedIn, load).toBe(asked)
    }
  })

  it('says of every aim whether it is met, by how much, and why', () => {
    expect(result.aims).toHaveLength(11)
    for (const { title, value, why } of result.aims) {
      expect(value, title).toBeTypeOf('number')
      expect(why, title).not.toBe('')
      expect(printed).toContain(title)
    }
    expect(printed.match(/\(aim [≤≥] \S+(?: s| MB| ms)?, (?:met|missed) by \S+ %\)/g)).toHaveLength(11)
  })

  it('tells the machine but not whose it is', () => {
    expect(result.machine.cores).toBeGreaterThan(0)
    expect(result.machine.node).toBe(process.version)
    expect(text).not.toContain(folder)
    expect(text).not.toContain(root)
    expect(text).not.toContain(`"${hostname()}"`)
  })

  it('is a page and a chart', () => {
    const page = renderBenchmarks(result)
    for (const { name } of result.loads) {
      expect(page).toContain(`| ${loadTitles[name]} |`)
    }
    expect(page).toContain('quick run')
    expect(page).not.toMatch(/undefined|NaN|\[object/)
    expect(renderChart(result)).not.toMatch(/undefined|NaN|\[object/)
  })
})
