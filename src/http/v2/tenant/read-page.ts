import { Type } from 'typebox'
import { parseTime } from '../../../core/tenants/format-time.ts'
import { ApiError } from '../../../errors/api-error.ts'
import { lenient } from '../../lenient.ts'

/** What every list takes. `limit` and `offset` have codes of their own, so the schema lets anything through. */
export const pageFields = {
  offset: Type.Optional(
    lenient(
      Type.Integer({ minimum: 0, description: 'Index of the page, from 0; not a row', examples: [0] }),
      { isRequired: true },
    ),
  ),
  limit: Type.Optional(
    lenient(Type.Integer({ minimum: 10, maximum: 100, description: 'Size of a page', examples: [10] }), {
      isRequired: true,
    }),
  ),
  updated_at_greater: Type.Optional(
    Type.String({
      description:
        'Strictly later than yyyy-MM-dd HH:mm:ss in the zone of the tenant; the newest change comes first then',
    }),
  ),
}

/** @throws ApiError REQUEST.9002 `updated_at_greater` is no time */
export function readPage(
  query: {
    readonly offset?: unknown
    readonly limit?: unknown
    readonly updated_at_greater?: string
  },
  timeZone: string,
): { readonly pageSize: number; readonly pageIndex: number; readonly updatedAfter?: number } {
  const { updated_at_greater: updatedText } = query
  const updatedAfter = updatedText ? parseTime(updatedText, timeZone) : undefined
  if (updatedText && updatedAfter === undefined) {
    throw new ApiError('REQUEST.9002', { params: ['updated_at_greater'], detail: 'updated_at_greater' })
  }
  return {
    pageSize: wholeNumber(query.limit),
    pageIndex: wholeNumber(query.offset),
    ...(updatedAfter === undefined ? {} : { updatedAfter }),
  }
}

/** NaN, which is within no limits, for anything but digits. */
function wholeNumber(value: unknown): number {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
}
