import { readFile, writeFile } from 'node:fs/promises'
import { buildOpenApi } from '../src/http/openapi.ts'
import { routeTable } from '../src/http/route-table.ts'

// node tools/generate-openapi.ts [--check]: writes docs/openapi.json, or fails when it is stale

const target = new URL('../docs/openapi.json', import.meta.url)

async function readVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : ''
}

const text = `${JSON.stringify(buildOpenApi(routeTable, await readVersion()), null, 2)}\n`
if (process.argv.includes('--check')) {
  const present = await readFile(target, 'utf8').catch(() => '')
  if (present !== text) {
    console.error('docs/openapi.json is stale: run node tools/generate-openapi.ts')
    process.exitCode = 1
  }
} else {
  await writeFile(target, text)
}
