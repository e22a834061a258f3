import { basicAuthorization, client } from './bench-server.ts'
import { USER_ID_START } from './database.ts'
import { formatRequest } from './http-connection.ts'
import { USER_PLACE } from './messages.ts'

/** The calls that are measured, as bytes. */

const usersPath = '/api/v2/tenant/users'
const userPath = `${usersPath}/${USER_ID_START}${USER_PLACE}`
const json = { 'Content-Type': 'application/json; charset=utf-8' }

export function getUserRequest(token: string): string {
  return formatRequest({ method: 'GET', path: userPath, headers: bearer(token) })
}

export function resetRequest(token: string): string {
  const path = `${userPath}/rest-password?send_mode=EMAIL` // sic: the contract's spelling
  return formatRequest({ method: 'PUT', path, headers: { ...bearer(token), ...json } })
}

export const PAGE_SIZE = 20

export function listRequest(token: string, pageIndex: number): string {
  const path = `${usersPath}?limit=${PAGE_SIZE}&offset=${pageIndex}`
  return formatRequest({ method: 'GET', path, headers: bearer(token) })
}

export function tokenRequest(): string {
  return formatRequest({
    method: 'POST',
    path: '/api/v2/tenant/token',
    headers: {
      Authorization: basicAuthorization(),
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
}

export function signInRequest(userKey: string, password: string): string {
  return formatRequest({
    method: 'POST',
    path: '/api/v2/sdk/login',
    headers: {
      ...json,
      'X-client-id': client.id,
      'X-operating-sys-version': 'bench',
      'X-device-fingerprint': 'bench',
      'X-agent': 'bench',
    },
    body: JSON.stringify({ user_name: `u${userKey}`, password }),
  })
}

export function bareRequest(method: string, path: string): string {
  return formatRequest({ method, path, headers: {} })
}

export const bareUserPath = `/user?${USER_ID_START}${USER_PLACE}`

function bearer(token: string) {
  return { Authorization: `Bearer ${token}` }
}
