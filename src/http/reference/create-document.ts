import { readFile } from 'node:fs/promises'
import { buildOpenApi } from '../openapi/build-openapi.ts'
import { sampleValues } from '../openapi/sample-values.ts'
import type { Route } from '../route.ts'

export interface ReferenceOptions {
  /** Ids that exist here, by name, instead of those in the examples. */
  readonly samples?: () => Readonly<Record<string, string>>
}

/** The API description as text, made at the first request: `docs/openapi.json` with examples that exist here. */
export function createDocument(
  routes: readonly Route[],
  { samples = () => ({}) }: ReferenceOptions,
): () => Promise<string> {
  let made: Promise<string> | undefined
  return async () => {
    made ??= readVersion().then((version) => JSON.stringify(buildOpenApi(routes, version)))
    const entries = Object.entries<string | number>(sampleValues)
    const found = samples()
    return entries.reduce(
      (text, [name, value]) => text.replaceAll(JSON.stringify(value), JSON.stringify(found[name] ?? value)),
      await made,
    )
  }
}

async function readVersion(): Promise<string> {
  // the path is the same from the sources and from the packed form
  const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8')
  const { version }: { readonly version: string } = JSON.parse(text)
  return version
}
