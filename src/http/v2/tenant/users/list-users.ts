import { type Static, Type } from 'typebox'
import type { ListUsersQuery } from '../../../../core/core.ts'
import { parseTime } from '../../../../core/tenants/format-time.ts'
import { ApiError } from '../../../../errors/api-error.ts'
import { route } from '../../../route.ts'
import { presentUser } from './present-user.ts'
import { UserRecord } from './user-schema.ts'

// limit and offset have codes of their own, so the schema lets anything through
const ListQuery = Type.Object({
  org_id: Type.Optional(Type.String({ description: 'Direct members only; empty: all users' })),
  offset: Type.Optional(Type.Unknown({ description: 'Required. Index of the page, from 0; not a row' })),
  limit: Type.Optional(Type.Unknown({ description: 'Required. Size of a page, 10 to 100' })),
  updated_at_greater: Type.Optional(
    Type.String({ description: 'Strictly later than yyyy-MM-dd HH:mm:ss in the zone of the tenant' }),
  ),
})

export const listUsers = route({
  method: 'GET',
  path: '',
  permission: 'user_read',
  summary: 'List users, a page at a time',
  query: ListQuery,
  answers: [200, 'OAP.PAGE.0002', 'OAP.PAGE.0003', 'REQUEST.9002'],
  success: Type.Object(
    { total: Type.Integer(), users: Type.Array(UserRecord) },
    { additionalProperties: false },
  ),
  handle: async ({ core, caller, query }) => {
    const { timeZone } = caller.tenant
    const { total, users } = await core.listUsers(caller, readQuery(query, timeZone))
    return { body: { total, users: users.map((user) => presentUser(user, timeZone)) } }
  },
})

function readQuery(query: Static<typeof ListQuery>, timeZone: string): ListUsersQuery {
  const { org_id: organizationId, updated_at_greater: updatedText } = query
  const updatedAfter = updatedText ? parseTime(updatedText, timeZone) : undefined
  if (updatedText && updatedAfter === undefined) {
    throw new ApiError('REQUEST.9002', { params: ['updated_at_greater'], detail: 'updated_at_greater' })
  }
  return {
    pageSize: wholeNumber(query.limit),
    pageIndex: wholeNumber(query.offset),
    ...(organizationId ? { organizationId } : {}),
    ...(updatedAfter === undefined ? {} : { updatedAfter }),
  }
}

/** NaN, which is within no limits, for anything but digits. */
function wholeNumber(value: unknown): number {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
}
