import type { Language, Tenant } from '../core/tenants/tenant.ts'
import type { ErrorAnswer } from './plugins/errors.ts'

/** What a page may know of its request. */
export interface PageRequest {
  readonly requestId: string
  readonly tenant: Tenant
  /** Of the client, behind the trusted proxies. */
  readonly address: string | undefined
  readonly isHttps: boolean
  /** As the browser prefers. */
  readonly language: Language
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Of the path. */
  readonly params: Readonly<Record<string, string>>
  readonly query: PageFields
  readonly form: PageFields
}

/** Fields of a query or form by name; of several with one name the first. */
export type PageFields = Readonly<Record<string, string>>

export interface PageAnswer {
  readonly status: number
  /** Also `Set-Cookie`, several of them. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
}

/** One page, or what its form is sent to. */
export interface Page {
  readonly method: 'GET' | 'POST'
  readonly path: string
  handle(request: PageRequest): Promise<PageAnswer>
}

/** Everything at the tenant's hosts that people read. */
export interface PageSite {
  readonly pages: readonly Page[]
  /** A failure, as a page. */
  renderError(request: PageRequest, failure: Pick<ErrorAnswer, 'code' | 'status' | 'headers'>): PageAnswer
}
