export interface PageAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Undefined: it leads nowhere else. */
  readonly location: string | undefined
}

/** A browser without scripts: it keeps cookies, and sends forms with what is hidden in them. */
export interface PageClient {
  readonly cookies: Map<string, string>
  get(path: string): Promise<PageAnswer>
  /** Fills in the form of the page that was read last and sends it to `path`. */
  submit(path: string, fields: Record<string, string>): Promise<PageAnswer>
  /** Sends a body as it is. */
  send(path: string, body: string, headers?: Record<string, string>): Promise<PageAnswer>
}

export function createPageClient(baseUrl: string, defaultHeaders: Record<string, string> = {}): PageClient {
  const cookies = new Map<string, string>()
  let formToken = ''

  async function call(path: string, init: RequestInit & { headers?: Record<string, string> }) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(`${baseUrl}${path}`, {
      ...init,
      redirect: 'manual',
      headers: { ...defaultHeaders, ...(cookie === '' ? {} : { cookie }), ...init.headers },
    })
    for (const line of response.headers.getSetCookie()) keep(cookies, line)
    const text = await response.text()
    formToken = /name="form_token" value="([^"]*)"/.exec(text)?.[1] ?? formToken
    const location = response.headers.get('location') ?? undefined
    return { status: response.status, headers: response.headers, text, location }
  }

  const send: PageClient['send'] = (path, body, headers = {}) =>
    call(path, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    })

  return {
    cookies,
    get: (path) => call(path, { headers: { accept: 'text/html' } }),
    submit: (path, fields) =>
      send(path, new URLSearchParams({ form_token: formToken, ...fields }).toString()),
    send,
  }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
  if (/;\s*Max-Age=0(;|$)/i.test(line)) cookies.delete(name)
  else cookies.set(name, value)
}
