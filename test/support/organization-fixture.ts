import { beforeAll } from 'vitest'
import type { PermissionCode } from '../../src/core/permissions/permission-codes.ts'
import type { Tenant } from '../../src/core/tenants/tenant.ts'
import { type Answer, createApiClient } from './api-client.ts'
import type { TestDatabaseKind } from './databases.ts'
import { type HttpFixture, useHttp } from './http-fixture.ts'

export interface OrganizationFixture extends HttpFixture {
  /** With a token that may do everything with organisations; `path` goes behind `/organizations`. */
  call(method: string, path: string, body?: unknown): Promise<Answer>
  /** Id of a new organisation; what is not given is made up. */
  create(given?: Record<string, unknown>): Promise<string>
  /** The record as the API gives it. */
  get(organizationId: string): Promise<Record<string, unknown>>
}

let number = 0

/** A code that no other organisation of this process has. */
export function newCode(): string {
  number += 1
  return `org-${number}`
}

/** `useHttp`, with one token for all calls about organisations. */
export function useOrganizations(
  kind: TestDatabaseKind,
  tenantChange: Partial<Tenant> = {},
): () => OrganizationFixture {
  const http = useHttp(kind, tenantChange)
  let authorization = ''
  beforeAll(async () => {
    authorization = `Bearer ${await http().tokenWith(['org_all'])}`
  })

  const call: OrganizationFixture['call'] = async (method, path, body) => {
    const client = createApiClient(http().server.url, { clientId: '', clientSecret: '' })
    const headers = { authorization, 'content-type': 'application/json; charset=utf-8' }
    return await client.call(
      method,
      `/api/v2/tenant/organizations${path}`,
      body === undefined ? { headers } : { headers, body: JSON.stringify(body) },
    )
  }
  const create: OrganizationFixture['create'] = async (given = {}) => {
    const answer = await call('POST', '', { code: newCode(), name: 'IT', ...given })
    if (answer.status !== 201) throw new Error(answer.text)
    return String(answer.body.org_id)
  }
  const get: OrganizationFixture['get'] = async (id) => (await call('GET', `/${id}`)).body
  return () => ({ ...http(), call, create, get })
}

interface Refusal {
  readonly name: string
  readonly status: number
  readonly permissions: readonly PermissionCode[] | 'none' | 'unknown'
}

/** Everybody who may not call: for writes also who may only read. */
export function refusals(access: 'read' | 'write'): readonly Refusal[] {
  const readers: readonly PermissionCode[] = ['org_read', 'read']
  return [
    { name: 'who brings no token', status: 401, permissions: 'none' },
    { name: 'who brings a token that nobody gave', status: 401, permissions: 'unknown' },
    { name: 'an application without permissions', status: 403, permissions: [] },
    {
      name: 'an application with every permission of other groups',
      status: 403,
      permissions: ['user_all', 'account_all', 'app_org_all', ...(access === 'write' ? readers : [])],
    },
  ]
}

/** The status that a caller gets who comes like this. */
export async function statusFor(
  fixture: HttpFixture,
  permissions: Refusal['permissions'],
  method: string,
  path: string,
): Promise<number> {
  const url = `${fixture.server.url}/api/v2/tenant/organizations${path}`
  const token =
    permissions === 'none'
      ? undefined
      : permissions === 'unknown'
        ? 'nobody-gave-this'
        : await fixture.tokenWith(permissions)
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return (await fetch(url, { method, headers })).status
}
