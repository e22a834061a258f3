import { afterAll, beforeAll } from 'vitest'
import { SECOND_MS } from '../../src/core/clock.ts'
import type { PasswordPolicy, SignInSettings } from '../../src/core/tenants/tenant.ts'
import { type Answer, type ApiClient, createApiClient } from './api-client.ts'
import type { TestDatabaseKind } from './databases.ts'
import { type SeededApplication, type SeededUser, seedApplication } from './seed-tenant.ts'
import { readMailedPasswords, startApp, type TestApp } from './start-app.ts'

const CACHE_MS_MAX = 6 * SECOND_MS

export interface PasswordApp extends TestApp {
  /** Never holds an old token: tests let hours pass. */
  readonly client: ApiClient
  put(path: string, body: unknown, application?: SeededApplication): Promise<Answer>
  setPolicy(change: Partial<PasswordPolicy>, signIn?: Partial<SignInSettings>): Promise<void>
  /** Resets by mail; what the reader of it reads. Notices of other tests may come at any time, so the address decides. */
  deliver(user: SeededUser, oldPassword?: string): Promise<string>
  /** An application that may change administrators. */
  trusted(): Promise<SeededApplication>
}

/** The whole server, for tests of passwords that are set and then signed in with. */
export function usePasswordApp(kind: TestDatabaseKind): () => PasswordApp {
  let app: TestApp | undefined
  beforeAll(async () => {
    app = await startApp(kind)
  })
  afterAll(async () => {
    await app?.close()
  })
  return () => {
    if (app === undefined) throw new Error('the server is not started yet')
    return extend(app)
  }
}

function extend(app: TestApp): PasswordApp {
  const client = createApiClient(app.url, app.application)
  return {
    ...app,
    client,
    async put(path, body, application = app.application) {
      const authorization = `Bearer ${await createApiClient(app.url, application).token()}`
      const headers = { authorization, 'content-type': 'application/json; charset=utf-8' }
      const options = body === undefined ? { headers } : { headers, body: JSON.stringify(body) }
      return await client.call('PUT', `/api/v2/tenant/users/${path}`, options)
    },
    async setPolicy(change, signIn = {}) {
      const { settings } = app.tenant
      const wanted = {
        ...settings,
        passwordPolicy: { ...settings.passwordPolicy, ...change },
        signIn: { ...settings.signIn, ...signIn },
      }
      await app.database.store.transaction(({ tenants }) =>
        tenants.update({ ...app.tenant, settings: wanted }),
      )
      app.clock.advance(CACHE_MS_MAX)
    },
    async deliver(user, oldPassword) {
      const before = app.smtp.mails.length
      const answer = await client.resetPassword(user.id, 'EMAIL', {}, oldPassword)
      if (answer.status !== 200) throw new Error(answer.text)
      const mails = app.smtp.mails.slice(before).filter((mail) => mail.to.includes(user.email ?? ''))
      const [password = ''] = await readMailedPasswords({ ...app.smtp, mails }, user.email ?? '')
      return password
    },
    trusted: () =>
      seedApplication(app.database.store, app.tenant, ['user_all'], { mayChangeAdministrators: true }),
  }
}
