import type { Language } from '../../core/tenants/tenant.ts'
import { ApiError, isOAuthCode, publicText, statusOf } from '../../errors/api-error.ts'
import type { ErrorCode, OAuthErrorCode } from '../../errors/catalogue.ts'
import { StoreUnavailableError } from '../../errors/store-error.ts'
import { declaredCodes } from '../answers.ts'
import type { Route } from '../route.ts'
import { errorOfParameter, isValidationError } from './validation.ts'

export interface ErrorContext {
  readonly language: Language
  /** Undefined: the request ended before one was found. */
  readonly route: Route | undefined
  /** Given: a code that the route does not declare becomes a 500, and is told here. */
  readonly onUndeclaredAnswer?: ((note: string) => void) | undefined
}

export interface ErrorAnswer {
  readonly code: ErrorCode | OAuthErrorCode
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** JSON. */
  readonly body: string
  /** For the log. */
  readonly cause: unknown
}

const STORE_RETRY_AFTER_SECONDS = 5

/**
 * The one place that decides what an error looks like outside. Whatever ended the request becomes a code of
 * the catalogue: status, both texts and body shape come from there, the cause goes to the log and never out.
 */
export function answerError(error: unknown, context: ErrorContext): ErrorAnswer {
  const apiError = declared(inFamily(toApiError(error, context.route), context.route), context)
  const { code } = apiError
  const text = publicText(code, context.language, apiError.params)
  const body = isOAuthCode(code)
    ? { error: code, error_description: text }
    : { error_code: code, error_msg: text }
  return {
    code,
    status: statusOf(code),
    headers: headersOf(apiError),
    body: JSON.stringify(body),
    cause: apiError.cause,
  }
}

function toApiError(error: unknown, route: Route | undefined): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof StoreUnavailableError) {
    return new ApiError('REQUEST.9012', { retryAfterSeconds: STORE_RETRY_AFTER_SECONDS, cause: error })
  }
  if (isValidationError(error)) return errorOfParameter(error, route)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  // set on errors of the request's own stream only: the client left before its body was complete
  const isBrokenBody = code === 'ECONNRESET' && error instanceof Error && 'statusCode' in error
  const translated = isBrokenBody ? malformed('body') : byFrameworkCode[code]
  if (translated !== undefined) return new ApiError(...translated)
  return new ApiError('REQUEST.9013', { cause: error })
}

type ApiErrorArguments = ConstructorParameters<typeof ApiError>
const malformed = (detail: string): ApiErrorArguments => ['REQUEST.9001', { detail }]

/** Errors that the HTTP framework, Node's server and its parser raise by themselves, by their codes. */
const byFrameworkCode: Readonly<Record<string, ApiErrorArguments>> = {
  FST_ERR_BAD_URL: malformed('url'),
  FST_ERR_MAX_PARAM_LENGTH: ['REQUEST.9007'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['REQUEST.9006'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['REQUEST.9005'],
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: ['REQUEST.9005'],
  FST_ERR_CTP_INVALID_JSON_BODY: malformed('body'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: malformed('body'),
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST.9008'],
  HPE_HEADER_OVERFLOW: ['REQUEST.9007'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['REQUEST.9006'],
  HPE_INVALID_URL: malformed('url'),
  HPE_INVALID_CHUNK_SIZE: malformed('body'),
  HPE_INVALID_EOF_STATE: malformed('body'),
}

/** What the contract's OAuth part says for a malformed request. */
function inFamily(error: ApiError, route: Route | undefined): ApiError {
  const isMalformed = error.code === 'REQUEST.9001' || error.code === 'REQUEST.9002'
  if (route?.oauth !== true || !isMalformed) return error
  const part = error.params[0] ?? error.detail ?? 'body'
  return new ApiError('invalid_request', { params: [part], detail: String(part), cause: error.cause })
}

function declared(error: ApiError, context: ErrorContext): ApiError {
  const { route, onUndeclaredAnswer } = context
  if (route === undefined || onUndeclaredAnswer === undefined) return error
  if (declaredCodes(route).includes(error.code)) return error
  onUndeclaredAnswer(`${route.method} ${route.path} answered ${error.code}, which it does not declare`)
  return new ApiError('REQUEST.9013', { cause: error })
}

function headersOf(error: ApiError): Record<string, string> {
  const headers: Record<string, string> = {}
  if (error.detail !== undefined) headers['X-Error-Detail'] = error.detail
  if (error.isReplayed) headers['Idempotent-Replayed'] = 'true'
  const retryAfterSeconds = error.retryAfterSeconds ?? (statusOf(error.code) === 503 ? 1 : undefined)
  if (retryAfterSeconds !== undefined)
    headers['Retry-After'] = String(Math.max(1, Math.ceil(retryAfterSeconds)))
  if (error.code === 'invalid_client') headers['WWW-Authenticate'] = 'Basic realm="rekey"'
  if (error.code === 'invalid_token' || error.code === 'insufficient_scope')
    headers['WWW-Authenticate'] = 'Bearer'
  return headers
}
