import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { ApiError } from '../../errors/api-error.ts'
import type { ErrorCode } from '../../errors/catalogue.ts'
import type { Route } from '../route.ts'

type Part = 'body' | 'query' | 'path' | 'header'

/** The first thing about a request that its route's schema does not take. */
export class ValidationError extends Error {
  override readonly name = 'ValidationError'
  readonly part: Part
  /** As the schema names it; undefined: the whole part has the wrong shape. */
  readonly parameter: string | undefined
  readonly problem: 'missing' | 'type' | 'format'

  constructor(part: Part, parameter: string | undefined, problem: 'missing' | 'type' | 'format') {
    super(`${part}: ${problem}`)
    this.part = part
    this.parameter = parameter
    this.problem = problem
  }
}

const parts: Readonly<Record<string, Part>> = { querystring: 'query', params: 'path', headers: 'header' }

/**
 * Checks with TypeBox and converts nothing: a number in a query is the text that arrived. No body counts as
 * `{}`.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema)
  const part = parts[httpPart ?? ''] ?? 'body'
  return (value: unknown) => {
    const given = value ?? (part === 'body' ? {} : value)
    if (compiled.Check(given)) return { value: given }
    return { error: validationErrorOf(part, schema, given, compiled.Errors(given)[0]?.keyword) }
  }
}

function validationErrorOf(
  part: Part,
  schema: TSchema,
  value: unknown,
  keyword: string | undefined,
): ValidationError {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new ValidationError(part, undefined, 'type')
  }
  const required: readonly string[] = 'required' in schema ? (schema.required as string[]) : []
  const missing = required.find((name) => !Object.hasOwn(value, name))
  if (missing !== undefined) return new ValidationError(part, missing, 'missing')
  const properties = 'properties' in schema ? (schema.properties as Record<string, TSchema>) : {}
  const wrong = Object.keys(properties).find((name) => {
    const property = properties[name]
    return (
      property !== undefined &&
      Object.hasOwn(value, name) &&
      !Compile(property).Check(Reflect.get(value, name))
    )
  })
  return new ValidationError(part, wrong, keyword === 'type' ? 'type' : 'format')
}

export function isValidationError(error: unknown): error is ValidationError {
  return error instanceof ValidationError
}

const sdkCodes = {
  missing: 'SDK.COMMON.1001',
  type: 'SDK.COMMON.1007',
  format: 'SDK.COMMON.1002',
} as const satisfies Record<ValidationError['problem'], ErrorCode>

/** The contract has codes of its own for end users' calls; management calls get ours. */
export function errorOfParameter(error: ValidationError, route: Route | undefined): ApiError {
  const { part, parameter, problem } = error
  if (parameter === undefined) return new ApiError('REQUEST.9001', { detail: part })
  const code = route?.permission === 'sdk' ? sdkCodes[problem] : 'REQUEST.9002'
  return new ApiError(code, { params: [parameter], detail: parameter })
}
