import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Of Swagger UI, as its Fastify package brings it along; nothing else of that package is used (decision 0024). */
export async function readViewerFile(name: 'swagger-ui-bundle.js' | 'swagger-ui.css'): Promise<Buffer> {
  const manifest = createRequire(import.meta.url).resolve('@fastify/swagger-ui/package.json')
  return await readFile(join(dirname(manifest), 'static', name))
}
