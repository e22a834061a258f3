import { afterAll, beforeAll } from 'vitest'
import type { Core } from '../../src/core/core.ts'
import { changeOwnPassword } from '../../src/core/signin/change-own-password.ts'
import { createSignInApplicationFinder } from '../../src/core/signin/find-sign-in-application.ts'
import { signIn } from '../../src/core/signin/sign-in.ts'
import { skipPasswordUpdate } from '../../src/core/signin/skip-password-update.ts'
import { updateExpiredPassword } from '../../src/core/signin/update-expired-password.ts'
import type { PasswordPolicy, SignInSettings } from '../../src/core/tenants/tenant.ts'
import { type Answer, type ApiClient, createApiClient } from './api-client.ts'
import type { TestDatabaseKind } from './databases.ts'
import { type SignInFixture, useSignIn } from './sign-in-fixture.ts'
import { type StartedHttp, startHttp } from './start-http.ts'

export interface SdkFixture extends Omit<SignInFixture, 'signIn' | 'update' | 'change' | 'stateToken'> {
  readonly server: StartedHttp
  readonly client: ApiClient
  /** Posts with the contract's headers; a header given as undefined is left out. */
  post(path: string, body: unknown, headers?: Record<string, string | undefined>): Promise<Answer>
}

/** Signing in through HTTP on a real store, for the tests of the surrounding `describe`. */
export function useSdk(
  kind: TestDatabaseKind,
  signInSettings: Partial<SignInSettings> = {},
  passwordPolicy: Partial<PasswordPolicy> = {},
): () => SdkFixture {
  const signInFixture = useSignIn(kind, signInSettings, passwordPolicy)
  let started: Pick<SdkFixture, 'server' | 'client' | 'post'> | undefined
  beforeAll(async () => {
    started = await start(signInFixture())
  })
  afterAll(async () => {
    await started?.server.close()
  })
  return () => {
    if (started === undefined) throw new Error('the server is not started yet')
    return { ...signInFixture(), ...started }
  }
}

async function start(fixture: SignInFixture): Promise<Pick<SdkFixture, 'server' | 'client' | 'post'>> {
  const { clock, deps, application } = fixture
  const { store } = fixture.database
  const parts: Partial<Core> = {
    findSignInApplication: createSignInApplicationFinder({ store, clock }),
    signIn: (call) => signIn(deps, call),
    updateExpiredPassword: (call) => updateExpiredPassword(deps, call),
    skipPasswordUpdate: (call) => skipPasswordUpdate(deps, call),
    changeOwnPassword: (call) => changeOwnPassword(deps, call),
  }
  const server = await startHttp({ store, clock, http: { core: parts as Core } })
  const client = createApiClient(server.url, application)
  const contractHeaders = {
    'content-type': 'application/json; charset=utf-8',
    'x-client-id': application.clientId,
    'x-operating-sys-version': 'windows10.1.1',
    'x-device-fingerprint': 'device-1',
    'x-agent': 'test/1.0',
  }
  return {
    server,
    client,
    post: async (path, body, headers = {}) => {
      const given = Object.entries({ ...contractHeaders, ...headers })
      const sent = given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
      return await client.call('POST', path, {
        headers: Object.fromEntries(sent),
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
    },
  }
}
