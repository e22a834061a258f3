import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeType, type SettingDefinition, settingDefinitions } from '../src/config/schema.ts'
import { type CatalogueEntry, catalogue, oauthCatalogue } from '../src/errors/catalogue.ts'
import { renderChart } from './bench/render-chart.ts'
import { renderBenchmarks } from './bench/render-page.ts'
import type { BenchResult } from './bench/result.ts'

const root = join(import.meta.dirname, '..')

/** The pages of `docs/` that are made from tables in the sources and from measurements, by path. */
export function generateDocs(): Readonly<Record<string, string>> {
  const benchmarks: BenchResult = JSON.parse(readFileSync(join(root, 'docs/benchmarks.json'), 'utf8'))
  return {
    'docs/benchmarks.md': renderBenchmarks(benchmarks),
    'docs/benchmarks.svg': renderChart(benchmarks),
    'docs/errors.md': renderErrors(),
    'docs/configuration.md': renderConfiguration(),
  }
}

/** Paths of the pages that are not what the sources say. */
export async function findStaleDocs(): Promise<readonly string[]> {
  const stale: string[] = []
  for (const [path, text] of Object.entries(generateDocs())) {
    const found = await readFile(join(root, path), 'utf8').catch(() => undefined)
    if (found !== text) {
      stale.push(path)
    }
  }
  return stale
}

function renderErrors(): string {
  return `${[
    '# Errors',
    '',
    '<!-- Generated from src/errors/catalogue.ts by `npm run docs`; do not edit. -->',
    '',
    'Every error is JSON. The management and SDK families answer',
    '`{"error_code":"USER.0001","error_msg":"User does not exist"}`; the OAuth family answers',
    '`{"error":"invalid_token","error_description":"…"}`. Codes below 9000 are the EIAM v2 contract\'s, codes from 9000',
    'are ours. `{0}` and `{1}` stand for values. The text comes in the language of `X-L`, then of `Accept-Language`:',
    '`en` (default) or `zh`. The header `X-Error-Detail` may name the cause in one stable word, and `X-Request-Id`',
    'finds the call in the log.',
    '',
    '## Management and SDK',
    '',
    ...renderCatalogue(catalogue),
    '',
    '## OAuth',
    '',
    ...renderCatalogue(oauthCatalogue),
  ].join('\n')}\n`
}

function renderCatalogue(entries: Readonly<Record<string, CatalogueEntry>>): readonly string[] {
  return [
    '| Code | Status | English | Chinese | What to do |',
    '|---|---|---|---|---|',
    ...Object.entries(entries).map(
      ([code, { status, en, zh, remedy }]) =>
        `| \`${code}\` | ${status} | ${cell(en)} | ${cell(zh)} | ${cell(remedy)} |`,
    ),
  ]
}

function renderConfiguration(): string {
  const definitions: readonly SettingDefinition[] = Object.values(settingDefinitions)
  return `${[
    '# Configuration',
    '',
    '<!-- Generated from src/config/schema.ts by `npm run docs`; do not edit. -->',
    '',
    'Rekey reads its settings from the environment, once, at its start. If any of them is wrong, or a `REKEY_…` variable',
    'does not exist, it names all problems at once and does not start. An empty variable counts as absent.',
    'A secret can also be read from a file: set `…_FILE` to its path instead. What belongs to a tenant (gateways,',
    'templates, password policy, people) stands in the [tenant file](tenant-file.md).',
    '',
    '| Variable | Default | Value | Meaning |',
    '|---|---|---|---|',
    ...definitions.map(renderSetting),
  ].join('\n')}\n`
}

function renderSetting(definition: SettingDefinition): string {
  const names = definition.isSecret
    ? `\`${definition.name}\`, \`${definition.name}_FILE\``
    : `\`${definition.name}\``
  const unit = definition.unit === undefined ? '' : `${definition.unit}, `
  const fallback = definition.default ? `\`${definition.default}\`` : 'none'
  const secret = definition.isSecret ? ' Secret.' : ''
  return `| ${names} | ${fallback} | ${unit}${cell(describeType(definition.type))} | ${cell(definition.help)}${secret} |`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

if (import.meta.main) {
  const stale = await findStaleDocs()
  if (process.argv.includes('--check')) {
    if (stale.length > 0) {
      console.error(`Stale: ${stale.join(', ')}. Run "npm run docs".`)
      process.exitCode = 1
    }
  } else {
    const docs = generateDocs()
    for (const path of stale) {
      await writeFile(join(root, path), docs[path] ?? '')
      console.log(`wrote ${path}`)
    }
  }
}
