import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** Rows of the page's tables that name a test in their last cell, by the heading that they stand under. */
function readRows(): readonly {
  readonly section: string
  readonly first: string
  readonly tests: readonly string[]
}[] {
  const sections = read('docs/reset-protocol.md').split(/^## /m).slice(1)
  return sections.flatMap((text) => {
    const [section = ''] = text.split('\n')
    const lines = text.split('\n').filter((line) => /^\| (?!---)/.test(line))
    return lines.slice(1).map((line) => {
      const cells = line.split(/(?<!\\)\|/).slice(1, -1)
      return { section, first: cells[0]?.trim() ?? '', tests: (cells.at(-1) ?? '').trim().split('<br>') }
    })
  })
}

const rows = readRows()
const named = [...new Set(rows.flatMap(({ tests }) => tests))]

describe('docs/reset-protocol.md', () => {
  it('has a row for each state, each rule, and each row of the crash table', () => {
    const firstCells = (section: string) =>
      rows.filter((row) => row.section === section).map(({ first }) => first)
    const states = readFileSync(join(root, 'src/core/reset/reset-state.ts'), 'utf8')
    const declared =
      /export type ResetState =([\s\S]*?)\n\n/.exec(states)?.[1]?.match(/(?<=')\w+(?=')/g) ?? []
    expect(firstCells('States').toSorted()).toEqual(declared.map((state) => `\`${state}\``).toSorted())
    const rules = new Set(firstCells('Rules').map((cell) => Number.parseInt(cell, 10)))
    expect([...rules].toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 15 }, (_, at) => at + 1),
    )
    expect(firstCells('Crash table')).toHaveLength(8)
    expect(firstCells('Limits and sending rules').length).toBeGreaterThan(6)
  })

  it.each(named)('names a test that is there: %s', (reference) => {
    const [, path = '', title = ''] = /^`([^`]+\.test\.ts)` › (.+)$/.exec(reference) ?? []
    expect(existsSync(join(root, path)), path).toBe(true)
    const quoted = [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`, `\`${title}\``]
    expect(
      quoted.some((text) => read(path).includes(text)),
      title,
    ).toBe(true)
  })
})
