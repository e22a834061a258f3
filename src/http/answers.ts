import type { ErrorCode, OAuthErrorCode } from '../errors/catalogue.ts'
import type { Access, Route } from './route.ts'

type Code = ErrorCode | OAuthErrorCode

/** What the server can say to any request, before an operation is reached. */
export const requestCodes = [
  'REQUEST.9001',
  'REQUEST.9005',
  'REQUEST.9006',
  'REQUEST.9007',
  'REQUEST.9008',
  'REQUEST.9009',
  'REQUEST.9010',
  'REQUEST.9011',
  'REQUEST.9012',
  'REQUEST.9013',
] as const satisfies readonly Code[]

const sdkCodes = [
  'SDK.COMMON.1001',
  'SDK.COMMON.1002',
  'SDK.COMMON.1003',
  'SDK.COMMON.1007',
  'SDK.COMMON.1012',
] as const satisfies readonly Code[]

const bearerCodes = ['invalid_token', 'insufficient_scope'] as const satisfies readonly Code[]

/** Codes that every route of this access may answer, whatever it does. */
export function commonAnswers(access: Access): readonly Code[] {
  if (access === 'none' || access === 'server') return requestCodes
  return access === 'sdk' ? [...requestCodes, ...sdkCodes] : [...requestCodes, ...bearerCodes]
}

export function declaredCodes(route: Route): readonly Code[] {
  const own = route.answers.filter((answer) => typeof answer !== 'number')
  const oauth: readonly Code[] = route.oauth === true ? ['invalid_request'] : []
  return [...new Set([...own, ...oauth, ...commonAnswers(route.permission)])]
}

export function successStatuses(route: Route): readonly number[] {
  return route.answers.filter((answer) => typeof answer === 'number')
}
