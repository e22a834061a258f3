import { catalogue, type ErrorCode, type OAuthErrorCode, oauthCatalogue } from './catalogue.ts'

/** A value that is itself a sentence, or part of one. */
export interface BilingualText {
  readonly en: string
  readonly zh: string
}

/** What may stand in for `{0}`, `{1}` of a public text. */
export type TextParameter = string | number | BilingualText

export interface ApiErrorOptions {
  /** A stable word for machines; leaves as header `X-Error-Detail`. */
  readonly detail?: string
  /** Values for `{0}`, `{1}` of the public text. */
  readonly params?: readonly TextParameter[]
  /** Whole seconds; leaves as header `Retry-After`. */
  readonly retryAfterSeconds?: number
  /** The answer to an earlier call with the same Idempotency-Key; leaves as header `Idempotent-Replayed`. */
  readonly isReplayed?: boolean
  /** Logged with the request id, never sent. */
  readonly cause?: unknown
}

/** The request ends here with a code of the catalogue; status and texts come from there. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorCode | OAuthErrorCode
  readonly detail: string | undefined
  readonly params: readonly TextParameter[]
  readonly retryAfterSeconds: number | undefined
  readonly isReplayed: boolean

  constructor(code: ErrorCode | OAuthErrorCode, options: ApiErrorOptions = {}) {
    super(options.detail === undefined ? code : `${code} (${options.detail})`, { cause: options.cause })
    this.code = code
    this.detail = options.detail
    this.params = options.params ?? []
    this.retryAfterSeconds = options.retryAfterSeconds
    this.isReplayed = options.isReplayed ?? false
  }
}

export function isOAuthCode(code: ErrorCode | OAuthErrorCode): code is OAuthErrorCode {
  return code in oauthCatalogue
}

/** The public text of a code in the caller's language, parameters put in. */
export function publicText(
  code: ErrorCode | OAuthErrorCode,
  language: 'en' | 'zh',
  params: readonly TextParameter[] = [],
): string {
  const entry = isOAuthCode(code) ? oauthCatalogue[code] : catalogue[code]
  return entry[language].replace(/\{(\d)\}/g, (_match, index: string) => {
    const value = params[Number(index)] ?? ''
    return typeof value === 'object' ? value[language] : String(value)
  })
}

export function statusOf(code: ErrorCode | OAuthErrorCode): number {
  return isOAuthCode(code) ? oauthCatalogue[code].status : catalogue[code].status
}
