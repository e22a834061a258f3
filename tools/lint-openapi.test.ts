import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lintOpenApi } from './lint-openapi.ts'

const present = join(import.meta.dirname, '../docs/openapi.json')

it('finds nothing in docs/openapi.json, and what somebody breaks in it', async () => {
  expect(await lintOpenApi(present)).toEqual([])
  const folder = await mkdtemp(join(tmpdir(), 'rekey-lint-'))
  try {
    const file = join(folder, 'openapi.json')
    const text = await readFile(present, 'utf8')
    await writeFile(
      file,
      text.replace('"getUsers"', '"postToken"').replace('"example": "EMAIL"', '"example": "PIGEON"'),
    )
    const problems = await lintOpenApi(file)
    expect(problems.join('\n')).toContain('operation-operationId-unique')
    expect(problems.join('\n')).toContain('no-invalid-parameter-examples')
  } finally {
    await rm(folder, { recursive: true })
  }
})
