import { readFile, writeFile } from 'node:fs/promises'
import openapiTypeScript, { astToString, type OpenAPI3 } from 'openapi-typescript'
import { buildOpenApi } from '../src/http/openapi/build-openapi.ts'
import { routeTable } from '../src/http/route-table.ts'

// node tools/generate-openapi.ts [--check]: writes the API description and the types of a client, or fails when one
// is stale

const root = new URL('../', import.meta.url)

async function readVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('package.json', root), 'utf8'))
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : ''
}

/** Texts by path. */
async function generate(): Promise<Readonly<Record<string, string>>> {
  const document = buildOpenApi(routeTable, await readVersion())
  const types = await openapiTypeScript(document as unknown as OpenAPI3, { alphabetize: true })
  return {
    'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
    'docs/openapi.d.ts': `// Generated from openapi.json by \`npm run docs\`; do not edit.\n\n${astToString(types)}`,
  }
}

for (const [path, text] of Object.entries(await generate())) {
  const target = new URL(path, root)
  if (!process.argv.includes('--check')) {
    await writeFile(target, text)
  } else if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
    console.error(`${path} is stale: run npm run docs`)
    process.exitCode = 1
  }
}
