import { beforeAll } from 'vitest'
import type { AttributeKind } from '../../src/core/attributes/attribute-definition.ts'
import { type Answer, createApiClient } from './api-client.ts'
import type { TestDatabaseKind } from './databases.ts'
import { type HttpFixture, useHttp } from './http-fixture.ts'

export interface DefinitionFixture extends HttpFixture {
  /** With a token that may do everything; `path` goes behind `/api/v2/tenant/`. */
  call(method: string, path: string, body?: unknown): Promise<Answer>
  /** `path` goes behind the kind. */
  define(kind: AttributeKind, method: string, path: string, body?: unknown): Promise<Answer>
  /** Codes that are defined, in their order. */
  codes(kind: AttributeKind): Promise<readonly string[]>
  /** Takes every definition away. */
  clear(): Promise<void>
  /** What the record says was done, oldest first. */
  record(): Promise<readonly { readonly action: string; readonly detail: unknown }[]>
  /** What no other may have: attribute and value. */
  unique(kind: AttributeKind): Promise<readonly string[]>
}

/** `useHttp`, with one token for all calls, in a tenant without definitions. */
export function useDefinitions(kind: TestDatabaseKind): () => DefinitionFixture {
  const http = useHttp(kind)
  let authorization = ''
  beforeAll(async () => {
    authorization = `Bearer ${await http().tokenWith(['all'])}`
  })
  const call: DefinitionFixture['call'] = async (method, path, body) => {
    const client = createApiClient(http().server.url, { clientId: '', clientSecret: '' })
    const headers = { authorization, 'content-type': 'application/json; charset=utf-8' }
    const options = body === undefined ? { headers } : { headers, body: JSON.stringify(body) }
    return await client.call(method, `/api/v2/tenant/${path}`, options)
  }
  const define: DefinitionFixture['define'] = (of, method, path, body) =>
    call(method, `attribute-definitions/${of}${path}`, body)
  const codes: DefinitionFixture['codes'] = async (of) => {
    const { body } = await define(of, 'GET', '')
    return (body.attributes as readonly { readonly code: string }[]).map(({ code }) => code)
  }
  return () => ({
    ...http(),
    call,
    define,
    codes,
    async clear() {
      for (const of of ['users', 'organizations'] as const) {
        for (const code of await codes(of)) await define(of, 'DELETE', `/${code}`)
      }
    },
    async record() {
      const rows = await http().database.query(
        "select action, detail_json from audit_rows where tenant_id = $1 and action like 'attribute_definition.%' order by id",
        [http().tenant.id],
      )
      return rows.map((row) => ({ action: String(row.action), detail: JSON.parse(String(row.detail_json)) }))
    },
    async unique(of) {
      const rows = await http().database.query(
        'select attribute, value_key from unique_attributes where tenant_id = $1 and kind = $2 order by value_key',
        [http().tenant.id, of],
      )
      return rows.map((row) => `${row.attribute} ${row.value_key}`)
    },
  })
}
