import { beforeAll } from 'vitest'
import type { Application } from '../../src/core/applications/application.ts'
import type { Tenant } from '../../src/core/tenants/tenant.ts'
import { type Answer, createApiClient } from './api-client.ts'
import type { TestDatabaseKind } from './databases.ts'
import { type HttpFixture, useHttp } from './http-fixture.ts'
import { type SeededUser, seedApplication, seedUser } from './seed-tenant.ts'

export interface ApplicationFixture extends HttpFixture {
  /** With a token that may do everything; `path` goes behind `/api/v2/tenant`. */
  call(method: string, path: string, body?: unknown): Promise<Answer>
  /** Calls, and gives the code of a refusal with status 400; otherwise the status. */
  outcome(method: string, path: string, body?: unknown): Promise<unknown>
  /** Path of a new application of the tenant, for `call`. */
  application(change?: Partial<Application>): Promise<string>
  user(change?: Partial<SeededUser>): Promise<SeededUser>
  /** Id of what a POST made. */
  create(path: string, body: unknown): Promise<string>
  get(path: string): Promise<Record<string, unknown>>
  /** Newest row of the record. */
  newestRow(): Promise<Record<string, unknown>>
}

let number = 0

/** A name that nothing else of this process has. */
export function newName(prefix = 'name'): string {
  number += 1
  return `${prefix}-${number}`
}

/** Ids that nothing has, percent-encoded for a path. */
export const nobodysIds = ['nobody', 'a%00b', 'a%2Fb', '%F0%9F%92%A5']

/** `useHttp`, with one token for all calls about applications. */
export function useApplications(
  kind: TestDatabaseKind,
  tenantChange: Partial<Tenant> = {},
): () => ApplicationFixture {
  const http = useHttp(kind, tenantChange)
  let authorization = ''
  beforeAll(async () => {
    authorization = `Bearer ${await http().tokenWith(['all'])}`
  })
  const call: ApplicationFixture['call'] = async (method, path, body) => {
    const client = createApiClient(http().server.url, { clientId: '', clientSecret: '' })
    const headers = { authorization, 'content-type': 'application/json; charset=utf-8' }
    return await client.call(
      method,
      `/api/v2/tenant${path}`,
      body === undefined ? { headers } : { headers, body: JSON.stringify(body) },
    )
  }
  return () => ({ ...http(), ...createHelpers(http, call), call })
}

type Helpers = 'outcome' | 'application' | 'user' | 'create' | 'get' | 'newestRow'

function createHelpers(
  http: () => HttpFixture,
  call: ApplicationFixture['call'],
): Pick<ApplicationFixture, Helpers> {
  return {
    async outcome(method, path, body) {
      const answer = await call(method, path, body)
      return answer.status === 400 ? answer.body.error_code : answer.status
    },
    async application(change = {}) {
      const { id } = await seedApplication(http().database.store, http().tenant, [], change)
      return `/applications/${id}`
    },
    user: async (change = {}) => await seedUser(http().database.store, http().tenant, change),
    async create(path, body) {
      const answer = await call('POST', path, body)
      const [id] = Object.values(answer.body)
      if (answer.status > 201) throw new Error(answer.text)
      return String(id)
    },
    get: async (path) => (await call('GET', path)).body,
    async newestRow() {
      const [row] = await http().database.store.read.audit.list(http().tenant.id, 1)
      return { ...row }
    },
  }
}
