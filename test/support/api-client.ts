import type { SeededApplication } from './seed-tenant.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Exactly what came, byte for byte as UTF-8. */
  readonly text: string
  readonly body: Record<string, unknown>
}

export interface ApiClient {
  token(): Promise<string>
  resetPassword(
    userId: string,
    sendMode: string,
    headers?: Record<string, string>,
    oldPassword?: string,
  ): Promise<Answer>
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  signIn(loginName: string, password: string): Promise<Answer>
  updatePassword(stateToken: string, oldPassword: string, newPassword: string): Promise<Answer>
  skipUpdate(stateToken: string): Promise<Answer>
  changePassword(idToken: string, oldPassword: string, newPassword: string): Promise<Answer>
}

export interface CallOptions {
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly signal?: AbortSignal
}

/** A client written for the EIAM v2 API: it knows a base URL and credentials, nothing of the server's inside. */
export function createApiClient(
  baseUrl: string,
  application: Pick<SeededApplication, 'clientId' | 'clientSecret'>,
  defaultHeaders: Record<string, string> = {},
): ApiClient {
  let token: string | undefined

  async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { ...defaultHeaders, ...options.headers },
      ...(options.body === undefined ? {} : { body: options.body }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: parseBody(text) }
  }

  async function fetchToken(): Promise<string> {
    const basic = Buffer.from(`${application.clientId}:${application.clientSecret}`).toString('base64')
    const answer = await call('POST', '/api/v2/tenant/token', {
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    })
    return String(answer.body.access_token)
  }

  const deviceHeaders = {
    'content-type': 'application/json',
    'x-client-id': application.clientId,
    'x-operating-sys-version': 'linux6.1',
    'x-device-fingerprint': 'device-1',
    'x-agent': 'test/1.0',
  }

  const client: ApiClient = {
    call,
    async token() {
      token ??= await fetchToken()
      return token
    },
    // byte for byte the contract's request: PUT, a JSON content type, and no body
    resetPassword: async (userId, sendMode, headers = {}, oldPassword = undefined) =>
      await call(
        'PUT',
        `/api/v2/tenant/users/${encodeURIComponent(userId)}/rest-password?send_mode=${sendMode}${oldPassword === undefined ? '' : `&old_password=${oldPassword}`}`,
        {
          headers: {
            authorization: `Bearer ${await client.token()}`,
            'content-type': 'application/json; charset=utf-8',
            ...headers,
          },
        },
      ),
    signIn: (loginName, password) =>
      call('POST', '/api/v2/sdk/login', {
        headers: deviceHeaders,
        body: JSON.stringify({ user_name: loginName, password }),
      }),
    updatePassword: (stateToken, oldPassword, newPassword) =>
      call('POST', '/api/v2/sdk/pwd/update', {
        headers: { ...deviceHeaders, 'x-state-token': stateToken },
        body: JSON.stringify({ old_password: oldPassword, new_password: newPassword }),
      }),
    skipUpdate: (stateToken) =>
      call('GET', '/api/v2/sdk/pwd/skip-update', {
        headers: { ...deviceHeaders, 'x-state-token': stateToken },
      }),
    changePassword: (idToken, oldPassword, newPassword) =>
      call('POST', '/api/v2/sdk/pwd/change', {
        headers: { ...deviceHeaders, authorization: `Bearer ${idToken}` },
        body: JSON.stringify({ old_password: oldPassword, new_password: newPassword }),
      }),
  }
  return client
}

function parseBody(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}
