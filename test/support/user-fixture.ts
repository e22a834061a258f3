import { beforeAll } from 'vitest'
import type { PermissionCode } from '../../src/core/permissions/permission-codes.ts'
import type { Tenant } from '../../src/core/tenants/tenant.ts'
import type { UserWithCredential } from '../../src/core/users/user.ts'
import { type Answer, createApiClient } from './api-client.ts'
import type { TestDatabaseKind } from './databases.ts'
import { type HttpFixture, useHttp } from './http-fixture.ts'
import { type SeededUser, seedUser } from './seed-tenant.ts'

export interface UserFixture extends HttpFixture {
  /** With a token that may do everything with users and organisations; `path` goes behind `/users`. */
  call(method: string, path: string, body?: unknown): Promise<Answer>
  /** Id of a new user; what is not given is made up. */
  create(given?: Record<string, unknown>): Promise<string>
  /** The record as the API gives it. */
  get(userId: string): Promise<Record<string, unknown>>
  /** Of a new organisation, whose code is returned with it. */
  createOrganization(given?: Record<string, unknown>): Promise<{ readonly id: string; readonly code: string }>
  /** Behind `/organizations`. */
  callOrganizations(method: string, path: string, body?: unknown): Promise<Answer>
  /** Behind `/user-imports`. */
  callImports(method: string, path: string, body?: unknown): Promise<Answer>
  /** In the store, with an own password. */
  seed(change?: Partial<UserWithCredential>): Promise<SeededUser>
}

let number = 0

/** A name that no other user of this process has. */
export function newUserName(): string {
  number += 1
  return `user-${number}`
}

/** A mobile number that no other user of this process has. */
export function newMobile(): string {
  number += 1
  return `+86-139${String(number).padStart(8, '0')}`
}

/** `useHttp`, with one token for all calls about users. */
export function useUsers(kind: TestDatabaseKind, tenantChange: Partial<Tenant> = {}): () => UserFixture {
  const http = useHttp(kind, tenantChange)
  let authorization = ''
  beforeAll(async () => {
    authorization = `Bearer ${await http().tokenWith(['user_all', 'org_all'])}`
  })
  const send = async (group: string, method: string, path: string, body?: unknown) => {
    const client = createApiClient(http().server.url, { clientId: '', clientSecret: '' })
    const headers = { authorization, 'content-type': 'application/json; charset=utf-8' }
    const options = body === undefined ? { headers } : { headers, body: JSON.stringify(body) }
    return await client.call(method, `/api/v2/tenant/${group}${path}`, options)
  }
  const call: UserFixture['call'] = (...p) => send('users', ...p)
  const callOrganizations: UserFixture['callOrganizations'] = (...p) => send('organizations', ...p)
  const idOf = (answer: Answer, key: string) => {
    if (answer.status !== 201) throw new Error(answer.text)
    return String(answer.body[key])
  }
  const create: UserFixture['create'] = async (given = {}) =>
    idOf(await call('POST', '', { user_name: newUserName(), ...given }), 'user_id')
  const createOrganization: UserFixture['createOrganization'] = async (given = {}) => {
    const code = newUserName()
    return {
      id: idOf(await callOrganizations('POST', '', { code, name: 'IT', ...given }), 'org_id'),
      code,
    }
  }
  return () => ({
    ...http(),
    call,
    callOrganizations,
    callImports: (...p) => send('user-imports', ...p),
    create,
    createOrganization,
    get: async (id) => (await call('GET', `/${id}`)).body,
    seed: (change) => seedUser(http().database.store, http().tenant, change),
  })
}

interface Refusal {
  readonly name: string
  readonly status: number
  readonly permissions: readonly PermissionCode[] | 'none' | 'unknown'
}

/** Everybody who may not call: for writes also who may only read. */
export function userRefusals(access: 'read' | 'write'): readonly Refusal[] {
  const readers: readonly PermissionCode[] = ['user_read', 'read']
  return [
    { name: 'who brings no token', status: 401, permissions: 'none' },
    { name: 'who brings a token that nobody gave', status: 401, permissions: 'unknown' },
    { name: 'an application without permissions', status: 403, permissions: [] },
    {
      name: 'an application with every permission of other groups',
      status: 403,
      permissions: ['org_all', 'account_all', 'app_org_all', ...(access === 'write' ? readers : [])],
    },
  ]
}

/** The status that a caller gets who comes like this. */
export async function userStatusFor(
  fixture: HttpFixture,
  permissions: Refusal['permissions'],
  method: string,
  path: string,
): Promise<number> {
  const url = `${fixture.server.url}/api/v2/tenant/users${path}`
  const token =
    permissions === 'none'
      ? undefined
      : permissions === 'unknown'
        ? 'nobody-gave-this'
        : await fixture.tokenWith(permissions)
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return (await fetch(url, { method, headers })).status
}
