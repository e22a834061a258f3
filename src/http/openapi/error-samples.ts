import { isOAuthCode, publicText } from '../../errors/api-error.ts'
import { catalogue, type ErrorCode, type OAuthErrorCode, oauthCatalogue } from '../../errors/catalogue.ts'
import type { JsonObject } from './json-schema.ts'

type Code = ErrorCode | OAuthErrorCode

/** Values for `{0}` and `{1}` of texts in which a bare ellipsis would say nothing. */
const parametersByCode: Partial<Readonly<Record<Code, readonly string[]>>> = {
  invalid_request: ['grant_type'],
  unsupported_grant_type: ['password'],
  invalid_token: ['Invalid access'],
  insufficient_scope: ['user_all, all'],
  'REQUEST.9002': ['org_id'],
  'SDK.COMMON.1001': ['X-client-id'],
  'SDK.COMMON.1002': ['user_name'],
  'SDK.COMMON.1005': ['X-state-token'],
  'SDK.COMMON.1007': ['password'],
  'SDK.LOGIN.1003': ['14', '59'],
  'SDK.LOGIN.1005': ['9'],
  'SDK.PROFILE.9001': ['mobile'],
  'PWD.0002': ['12', '64'],
  'ATTR.9003': ['email cannot be made unique: only attributes of your own and further ones can'],
  'ATTR.9004': ['employee_id', 'alice', 'bob'],
  'ATTR.9005': ['200'],
}

/** Both texts and the remedy of a code, as one item of a Markdown list. */
export function describeCode(code: Code): string {
  const { en, zh, remedy } = entryOf(code)
  const isOnlyAParameter = en === '{0}'
  const texts = isOnlyAParameter ? (parametersByCode[code]?.[0] ?? '') : `${en} · ${zh}`
  return `- \`${code}\` ${texts.replaceAll(/\{\d\}/g, '…')}  \n  ${remedy}`
}

export function exampleOfCode(code: Code): JsonObject {
  const text = publicText(code, 'en', parametersByCode[code] ?? ['…', '…'])
  const value = isOAuthCode(code)
    ? { error: code, error_description: text }
    : { error_code: code, error_msg: text }
  return { summary: text, description: entryOf(code).remedy, value }
}

function entryOf(code: Code) {
  return isOAuthCode(code) ? oauthCatalogue[code] : catalogue[code]
}
