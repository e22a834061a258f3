import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../../errors/api-error.ts'
import { bodyKindOf } from '../media-type.ts'

type ParseJson = (
  request: FastifyRequest,
  text: string,
  done: (error: Error | null, body?: unknown) => void,
) => unknown

/**
 * Takes over every media type. JSON everywhere, forms where the route is OAuth's, nothing else; no body at
 * all is fine whatever it claims to be, because the contract's own PUT says JSON and has none.
 */
export function registerBodyReader(server: FastifyInstance): void {
  // refuses keys that would reach a prototype: the body is malformed, not silently different
  const parseJson = server.getDefaultJsonParser('error', 'error') as ParseJson
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) =>
    readBody(request, bytes, parseJson),
  )
}

/** Without a body the media type means nothing, however it is spelled. */
export function forgetEmptyBodysType(request: FastifyRequest): void {
  const { headers } = request.raw
  const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0
  if (isEmpty) delete headers['content-type']
}

/** @throws ApiError REQUEST.9001, REQUEST.9005 */
function readBody(request: FastifyRequest, bytes: Buffer, parseJson: ParseJson): unknown {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    throw new ApiError('REQUEST.9005', { detail: 'content_encoding' })
  }
  if (bytes.length === 0) return undefined
  const kind = bodyKindOf(request.headers['content-type'])
  const { route, page } = request.routeOptions.config
  const takesForms = route?.oauth === true || page !== undefined
  if (kind === undefined || (kind === 'form' && !takesForms)) throw new ApiError('REQUEST.9005')
  if (!isUtf8(bytes)) throw new ApiError('REQUEST.9001', { detail: 'body' })
  const text = bytes.toString()
  return kind === 'form' ? formFields(text) : jsonObject(request, text, parseJson)
}

function jsonObject(request: FastifyRequest, text: string, parseJson: ParseJson): object {
  let parsed: unknown
  // the parser calls back before it returns
  parseJson(request, text, (_error, body) => {
    parsed = body
  })
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
  if (!isObject) throw new ApiError('REQUEST.9001', { detail: 'body' })
  return parsed as object
}

/** A field that comes twice is an array, as in a query. */
function formFields(text: string): Record<string, string | string[]> {
  const fields = new URLSearchParams(text)
  const names = [...new Set(fields.keys())]
  return Object.fromEntries(
    names.map((name) => {
      const values = fields.getAll(name)
      return [name, values.length === 1 ? (values[0] ?? '') : values]
    }),
  )
}
