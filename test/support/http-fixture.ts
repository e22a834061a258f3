import { afterAll, beforeAll } from 'vitest'
import type { PermissionCode } from '../../src/core/permissions/permission-codes.ts'
import type { Tenant } from '../../src/core/tenants/tenant.ts'
import { type ApiClient, createApiClient } from './api-client.ts'
import { openTestDatabase, type TestDatabase, type TestDatabaseKind } from './databases.ts'
import { type SeededApplication, seedApplication, seedTenant } from './seed-tenant.ts'
import { type StartedHttp, startHttp } from './start-http.ts'
import { createTestClock, type TestClock } from './test-clock.ts'

export interface HttpFixture {
  readonly clock: TestClock
  readonly database: TestDatabase
  readonly server: StartedHttp
  /** Answers at 127.0.0.1. */
  readonly tenant: Tenant
  /** A bearer token of an application with these permissions, at `tenant`. */
  tokenWith(permissions: readonly PermissionCode[]): Promise<string>
  /** Calls with such a token. */
  callWith(
    permissions: readonly PermissionCode[],
    method: string,
    path: string,
    body?: string,
  ): ReturnType<ApiClient['call']>
}

/** Starts a server for the tests of the surrounding `describe`, and stops it after them. */
export function useHttp(kind: TestDatabaseKind, tenantChange: Partial<Tenant> = {}): () => HttpFixture {
  let fixture: HttpFixture | undefined

  beforeAll(async () => {
    const clock = createTestClock()
    const database = await openTestDatabase(kind, { clock })
    const tenant = await seedTenant(database.store, { domains: ['127.0.0.1'], ...tenantChange })
    const server = await startHttp({ store: database.store, clock })
    fixture = { clock, database, server, tenant, ...createCalls(database, server, tenant) }
  })

  afterAll(async () => {
    await fixture?.server.close()
    await fixture?.database.close()
  })

  return () => {
    if (fixture === undefined) throw new Error('the server is not started yet')
    return fixture
  }
}

function createCalls(database: TestDatabase, server: StartedHttp, tenant: Tenant) {
  const tokenWith: HttpFixture['tokenWith'] = async (permissions) => {
    const application: SeededApplication = await seedApplication(database.store, tenant, permissions)
    return await createApiClient(server.url, application).token()
  }
  const callWith: HttpFixture['callWith'] = async (permissions, method, path, body) => {
    const authorization = `Bearer ${await tokenWith(permissions)}`
    const client = createApiClient(server.url, { clientId: '', clientSecret: '' })
    const headers = { authorization, 'content-type': 'application/json; charset=utf-8' }
    return await client.call(method, path, body === undefined ? { headers } : { headers, body })
  }
  return { tokenWith, callWith }
}
