import { Type } from 'typebox'
import { pageFields, readPage } from '../read-page.ts'

export const applicationIdField = { app_id: Type.String({ description: 'Opaque id of the application' }) }

export const ApplicationIdParams = Type.Object(applicationIdField)

const { offset, limit } = pageFields
export const PageQuery = Type.Object({ offset, limit })

/** A page of a list that has no times. */
export function readPlainPage(query: { readonly offset?: unknown; readonly limit?: unknown }): {
  readonly pageIndex: number
  readonly pageSize: number
} {
  const { pageIndex, pageSize } = readPage({ offset: query.offset, limit: query.limit }, 'UTC')
  return { pageIndex, pageSize }
}

/** Ids that one call may bring at most (contract, section 2.3). */
export const BATCH_SIZE_MAX = 50

export const BatchAnswer = Type.Object(
  {
    success_list: Type.Array(Type.String(), { description: 'Ids for which it is so now' }),
    fail_list: Type.Array(Type.String(), { description: 'Ids for which it could not be done' }),
  },
  { additionalProperties: false },
)
