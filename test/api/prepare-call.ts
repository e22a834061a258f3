import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { Challenge } from 'altcha-lib/types'
import type { Tenant } from '../../src/core/tenants/tenant.ts'
import { type Json, type JsonObject, propertiesOf } from '../../src/http/openapi/json-schema.ts'
import { sampleValues as samples } from '../../src/http/openapi/sample-values.ts'
import type { SeededApplication } from '../support/seed-tenant.ts'
import type { Operation } from './document.ts'
import { parse } from './find-fault.ts'
import { send } from './send.ts'

/** Where calls go, and which application makes them. */
export interface Place {
  readonly tenant: Tenant
  readonly host: string
  readonly application: SeededApplication
  readonly port: number
}

export const deviceHeaders = {
  'X-client-id': samples['X-client-id'],
  'X-operating-sys-version': samples['X-operating-sys-version'],
  'X-device-fingerprint': samples['X-device-fingerprint'],
  'X-agent': samples['X-agent'],
}

/** Headers that let a call through: what its security schemes want, and its sign-in so far. */
export async function authorise(
  place: Place,
  operation: Operation,
): Promise<Readonly<Record<string, string>>> {
  const takesStateToken = operation.parameters.some(({ name }) => name === 'X-state-token')
  return {
    ...(await credentialsFor(place, operation)),
    ...(takesStateToken ? { 'X-state-token': await signIn(place) } : {}),
  }
}

async function credentialsFor(
  place: Place,
  { security }: Operation,
): Promise<Readonly<Record<string, string>>> {
  if (security.includes('application')) {
    return { authorization: `Bearer ${await fetchAccessToken(place, place.application)}` }
  }
  if (security.includes('clientSecret')) return { authorization: basicOf(place.application) }
  if (security.includes('idToken')) {
    return { authorization: `Bearer ${field(await finishSignIn(place), 'id_token')}` }
  }
  return {}
}

function basicOf({ clientId, clientSecret }: SeededApplication): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
}

/** Fields of a body that no document can show, because they are made at run time and most are good once. */
const makers: Readonly<Record<string, (place: Place) => Promise<Json>>> = {
  session_token: async (place) => field(await finishSignIn(place), 'session_token'),
  sso_ticket: fetchTicket,
  captcha_token: solveCaptcha,
}

export const preparedFields: readonly string[] = Object.keys(makers)

/** Fresh values for such fields of this operation. */
export async function prepareBody(place: Place, { body }: Operation): Promise<JsonObject> {
  const taken = body === undefined ? {} : propertiesOf(body.schema).properties
  const entries: [string, Json][] = []
  for (const [name, make] of Object.entries(makers)) {
    if (Object.hasOwn(taken, name)) entries.push([name, await make(place)])
  }
  return Object.fromEntries(entries)
}

export async function fetchAccessToken(place: Place, application: SeededApplication): Promise<string> {
  const answer = await send(place.port, {
    method: 'POST',
    target: '/api/v2/tenant/token',
    headers: {
      host: place.host,
      authorization: basicOf(application),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  return field(answer.text, 'access_token')
}

async function signIn({ host, port }: Place): Promise<string> {
  const answer = await send(port, {
    method: 'POST',
    target: '/api/v2/sdk/login',
    headers: { host, 'content-type': 'application/json', ...deviceHeaders },
    body: JSON.stringify({ user_name: samples.user_name, password: samples.password }),
  })
  return field(answer.text, 'state_token')
}

/** The answer of a sign-in that succeeded. */
async function finishSignIn(place: Place): Promise<string> {
  const answer = await send(place.port, {
    method: 'GET',
    target: '/api/v2/sdk/pwd/skip-update',
    headers: { host: place.host, ...deviceHeaders, 'X-state-token': await signIn(place) },
  })
  return answer.text
}

async function fetchTicket(place: Place): Promise<string> {
  const answer = await send(place.port, {
    method: 'POST',
    target: '/api/v2/tenant/sso/session-token/sso-ticket',
    headers: {
      host: place.host,
      authorization: `Bearer ${await fetchAccessToken(place, place.application)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ session_token: field(await finishSignIn(place), 'session_token') }),
  })
  return field(answer.text, 'sso_ticket')
}

async function solveCaptcha({ host, port }: Place): Promise<string> {
  const headers = { host, ...deviceHeaders }
  const answer = await send(port, { method: 'GET', target: '/api/v2/sdk/captcha', headers })
  const challenge = parse(answer.text) as Challenge
  const solution = await solveChallenge({ challenge, deriveKey })
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}

function field(text: string, name: string): string {
  const body = parse(text)
  const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
  if (typeof value !== 'string') throw new Error(`no ${name} in ${text}`)
  return value
}
