import { afterAll, beforeAll } from 'vitest'
import { createAddressRefusals } from '../../src/core/applications/allowed-addresses.ts'
import { createCaptcha } from '../../src/core/codes/captcha.ts'
import { type SendCodesDeps, sendCodes } from '../../src/core/codes/send-codes.ts'
import type { Core } from '../../src/core/core.ts'
import { bindSignInCalls } from '../../src/core/signin/bind-sign-in-calls.ts'
import type { CodeSettings, PasswordPolicy, SendMode, SignInSettings } from '../../src/core/tenants/tenant.ts'
import { createAccessTokenAuthenticator } from '../../src/core/tokens/authenticate-access-token.ts'
import { issueAccessToken } from '../../src/core/tokens/issue-access-token.ts'
import { createMessageSender } from '../../src/messaging/send-message.ts'
import { type Answer, type ApiClient, createApiClient } from './api-client.ts'
import type { TestDatabaseKind } from './databases.ts'
import { type SeededUser, seedGateway } from './seed-tenant.ts'
import { type SignInFixture, useSignIn } from './sign-in-fixture.ts'
import { type SmsSink, startSmsSink } from './sms-sink.ts'
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts'
import { type StartedHttp, startHttp } from './start-http.ts'

export interface SdkFixture extends Omit<SignInFixture, 'signIn' | 'update' | 'change' | 'stateToken'> {
  readonly server: StartedHttp
  readonly client: ApiClient
  readonly smtp: SmtpSink
  readonly sms: SmsSink
  /** Posts with the contract's headers; a header given as undefined is left out. */
  post(path: string, body: unknown, headers?: Record<string, string | undefined>): Promise<Answer>
  /** Gets with the contract's headers. */
  get(path: string, headers?: Record<string, string | undefined>): Promise<Answer>
  /** Does what the background does; how each wish ended. */
  sendCodes(change?: Partial<SendCodesDeps>): Promise<readonly string[]>
  /** Asks for a code over HTTP, has it sent, and reads it from the message. */
  code(user: Pick<SeededUser, 'email' | 'mobile'>, type: string): Promise<string>
}

/** Signing in through HTTP on a real store with real gateways, for the tests of the surrounding `describe`. */
export function useSdk(
  kind: TestDatabaseKind,
  signInSettings: Partial<SignInSettings> = {},
  passwordPolicy: Partial<PasswordPolicy> = {},
  codes: Partial<CodeSettings> = {},
): () => SdkFixture {
  const signInFixture = useSignIn(kind, signInSettings, passwordPolicy, codes)
  let started: (Started & { close(): Promise<void> }) | undefined
  beforeAll(async () => {
    started = await start(signInFixture())
  })
  afterAll(async () => {
    await started?.close()
  })
  return () => {
    if (started === undefined) throw new Error('the server is not started yet')
    return { ...signInFixture(), ...started }
  }
}

type Started = Pick<SdkFixture, 'server' | 'client' | 'smtp' | 'sms' | 'post' | 'get' | 'sendCodes' | 'code'>

async function start(fixture: SignInFixture): Promise<Started & { close(): Promise<void> }> {
  const { clock, deps, application, seal } = fixture
  const { store } = fixture.database
  const [smtp, sms] = [await startSmtpSink(), await startSmsSink()]
  await seedGateways(fixture, smtp, sms)
  const sender = createMessageSender({
    ...{ store, clock, isSealed: seal.isSealed, openSecret: seal.open },
    onAttempt: () => undefined,
    log: { warn: () => undefined, error: () => undefined },
  })
  const calls = bindSignInCalls({
    ...{ ...deps, clock, sender },
    captcha: createCaptcha({ clock, mac: deps.mac, work: { cost: 1, counterMin: 1, counterMax: 20 } }),
    counted: (signingIn) => signingIn,
  })
  const recordAddressRefusal = createAddressRefusals({
    ...{ store, clock },
    onRefused: () => undefined,
    onRecorded: () => undefined,
  })
  const parts: Partial<Core> = {
    ...calls,
    listPublicKeys: (tenant) => deps.signer.publicKeys(tenant.id),
    issueAccessToken: (call) => issueAccessToken({ ...deps, clock, recordAddressRefusal }, call),
    authenticate: createAccessTokenAuthenticator({ store, clock, recordAddressRefusal }),
  }
  const server = await startHttp({ store, clock, http: { core: parts as Core } })
  const client = createApiClient(server.url, application)
  const callWith = createCaller(client, application.clientId)
  const post: SdkFixture['post'] = (path, body, headers = {}) => callWith('POST', path, headers, body)
  const send: SdkFixture['sendCodes'] = async (change = {}) => {
    const ends: string[] = []
    await sendCodes({
      ...{ ...deps, clock, sender, openAddress: seal.open, publicUrl: undefined },
      onCode: (purpose, outcome) => ends.push(`${purpose} ${outcome}`),
      onTrouble: () => undefined,
      ...change,
    })
    return ends
  }
  return {
    ...{ server, client, smtp, sms, post },
    get: (path, headers = {}) => callWith('GET', path, headers),
    sendCodes: send,
    async code(user, type) {
      const channel = type.endsWith('_SMS') ? 'SMS' : 'EMAIL'
      const body = channel === 'SMS' ? { mobile: user.mobile, type } : { email: user.email, type }
      const answer = await post(`/api/v2/sdk/${channel === 'SMS' ? 'sms' : 'email'}/send`, body)
      if (answer.status !== 200) throw new Error(`answered ${answer.text}`)
      await send()
      return await readCode({ smtp, sms }, channel)
    },
    async close() {
      await server.close()
      await sender.close()
      await Promise.all([smtp.close(), sms.close()])
    },
  }
}

/** From the newest message. */
export async function readCode(
  { smtp, sms }: Pick<SdkFixture, 'smtp' | 'sms'>,
  channel: SendMode,
): Promise<string> {
  const text = channel === 'SMS' ? (sms.requests.at(-1)?.body ?? '') : ((await smtp.readLast()).text ?? '')
  const code = /(?<![\w-])\d{6}(?![\w-])/.exec(text)?.[0]
  if (code === undefined) throw new Error('the message shows no code')
  return code
}

async function seedGateways(
  { database, tenant }: SignInFixture,
  smtp: SmtpSink,
  sms: SmsSink,
): Promise<void> {
  await seedGateway(database.store, tenant, {
    ...{ name: 'mail', channel: 'EMAIL', kind: 'smtp' },
    settings: { url: smtp.url, from: 'IT <it@acme.example>', timeout_ms: 2_000 },
  })
  await seedGateway(database.store, tenant, {
    ...{ name: 'sms', channel: 'SMS', kind: 'sms-http' },
    settings: {
      ...{ url: sms.url, method: 'POST', headers: {}, timeout_ms: 2_000 },
      body: '{"to":"{{ to }}","text":"{{ text }}"}',
    },
  })
}

function createCaller(client: ApiClient, clientId: string) {
  const contractHeaders = {
    'content-type': 'application/json; charset=utf-8',
    'x-client-id': clientId,
    'x-operating-sys-version': 'windows10.1.1',
    'x-device-fingerprint': 'device-1',
    'x-agent': 'test/1.0',
  }
  return async (
    method: string,
    path: string,
    headers: Record<string, string | undefined>,
    body?: unknown,
  ): Promise<Answer> => {
    const given = Object.entries({ ...contractHeaders, ...headers })
    const sent = given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return await client.call(method, path, {
      headers: Object.fromEntries(sent),
      ...(body === undefined ? {} : { body: text }),
    })
  }
}
