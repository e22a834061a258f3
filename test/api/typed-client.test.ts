import createClient, { type Middleware } from 'openapi-fetch'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { components, paths } from '../../docs/openapi.d.ts'
import { describeEachDatabase } from '../support/databases.ts'
import { startApp, type TestApp } from '../support/start-app.ts'

type User = components['schemas']['User']

/** As docs/client.md shows it. */
function bearer(accessToken: string): Middleware {
  return {
    onRequest({ request }) {
      request.headers.set('Authorization', `Bearer ${accessToken}`)
      return request
    },
  }
}

describeEachDatabase('a client with the generated types', (kind) => {
  let app: TestApp
  beforeAll(async () => {
    app = await startApp(kind)
  })
  afterAll(() => app.close())

  async function connect() {
    const client = createClient<paths>({ baseUrl: app.url })
    const { clientId, clientSecret } = app.application
    const { data } = await client.POST('/api/v2/tenant/token', {
      body: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      bodySerializer: (body) => new URLSearchParams(body as Record<string, string>),
    })
    client.use(bearer(data?.access_token ?? ''))
    return client
  }

  it('finds a user and resets the password', async () => {
    const alice = await app.addUser()
    const client = await connect()
    const found = await client.POST('/api/v2/tenant/users/user-by-username', {
      body: { user_name: alice.userName },
    })
    const user: User | undefined = found.data
    const reset = await client.PUT('/api/v2/tenant/users/{user_id}/rest-password', {
      params: { path: { user_id: user?.user_id ?? '' }, query: { send_mode: 'EMAIL' } },
    })
    expect(reset.data).toEqual({ user_id: alice.id })
    expect((await app.client.signIn(alice.userName, await app.readMailedPassword())).status).toBe(200)
  })

  it('pages through users, and is told of an error by its code', async () => {
    const client = await connect()
    const page = await client.GET('/api/v2/tenant/users', { params: { query: { offset: 0, limit: 10 } } })
    expect(page.data?.users.length).toBe(page.data?.total)
    const missing = await client.GET('/api/v2/tenant/users/{user_id}', {
      params: { path: { user_id: 'nobody' } },
    })
    const error = missing.error
    expect(error !== undefined && 'error_code' in error && error.error_code).toBe('USER.0001')
  })
})
