import { join } from 'node:path'
import { createConfig, lint } from '@redocly/openapi-core'

// node tools/lint-openapi.ts: what Redocly's strict rules find in docs/openapi.json

const target = join(import.meta.dirname, '../docs/openapi.json')

/** A sentence for every finding, with its place in the document. */
export async function lintOpenApi(file: string): Promise<readonly string[]> {
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: {
      // `/users/user-by-username` beside `/users/{user_id}` is the contract's; methods keep them apart
      'no-ambiguous-paths': 'off',
      'no-invalid-parameter-examples': 'error',
      'no-invalid-schema-examples': 'error',
      'operation-operationId-url-safe': 'error',
      'operation-description': 'error',
      'tag-description': 'error',
    },
  })
  const problems = await lint({ ref: file, config })
  return problems.map(
    ({ ruleId, message, location }) => `${location[0]?.pointer ?? ''}: ${message} (${ruleId})`,
  )
}

if (import.meta.main) {
  const problems = await lintOpenApi(target)
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length === 0 ? 0 : 1
}
