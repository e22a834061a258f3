import { applicationErrors } from './application-errors.ts'
import { attributeErrors } from './attribute-errors.ts'
import { importErrors } from './import-errors.ts'
import { messageErrors } from './message-errors.ts'
import { organizationErrors } from './organization-errors.ts'
import { passwordErrors } from './password-errors.ts'
import { requestErrors } from './request-errors.ts'
import { sdkErrors } from './sdk-errors.ts'
import { userErrors } from './user-errors.ts'
import { webhookErrors } from './webhook-errors.ts'

/**
 * Every code that can leave this server: status, both texts, and what the reader can do.
 * `docs/errors.md` is generated from this table. Codes below 9000 and their texts are the contract's
 * (EIAM v2, sections 3 and 8); codes from 9000 are ours. `{0}`, `{1}` stand for parameters.
 */
export interface CatalogueEntry {
  readonly status: number
  readonly en: string
  readonly zh: string
  readonly remedy: string
}

export const catalogue = {
  ...userErrors,
  ...organizationErrors,
  ...attributeErrors,
  ...applicationErrors,
  ...passwordErrors,
  ...messageErrors,
  ...importErrors,
  ...sdkErrors,
  ...webhookErrors,
  ...requestErrors,
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof catalogue

/** OAuth family (contract, sections 1, 3.3 and 7): bodies are `{"error","error_description"}`. */
export const oauthCatalogue = {
  invalid_request: {
    status: 400,
    en: 'The request is malformed: {0}',
    zh: '请求格式错误:{0}',
    remedy: 'Send grant_type=client_credentials and the client credentials once.',
  },
  invalid_client: {
    status: 401,
    en: 'Bad client credentials',
    zh: '客户端凭证错误',
    remedy:
      'Check client_id and client_secret, and that the application is enabled. With X-Error-Detail address_not_allowed they are right, and the call came from an address that `allowed_addresses` of the tenant file does not hold.',
  },
  unsupported_grant_type: {
    status: 400,
    en: 'Unauthorized grant type: {0}',
    zh: '不支持的授权类型:{0}',
    remedy: 'Use grant_type=client_credentials.',
  },
  invalid_token: {
    status: 401,
    en: '{0}',
    zh: '{0}',
    remedy:
      'Fetch a new access token, and send it as Authorization: Bearer. With X-Error-Detail address_not_allowed the token is good, and the call came from an address that `allowed_addresses` of the tenant file does not hold: another token will not help.',
  },
  insufficient_scope: {
    status: 403,
    en: 'One of these permissions is needed: {0}',
    zh: '需要以下权限之一:{0}',
    remedy:
      'Grant the application one of the named permission codes, by itself or in a bundle. With X-Error-Detail outside_organizations the user is outside the organisations that `reset_organizations` of the tenant file lets it reset.',
  },
} as const satisfies Record<string, CatalogueEntry>

export type OAuthErrorCode = keyof typeof oauthCatalogue
