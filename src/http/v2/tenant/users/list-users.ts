import { Type } from 'typebox'
import { route } from '../../../route.ts'
import { pageFields, readPage } from '../read-page.ts'
import { presentUser } from './present-user.ts'
import { UserRecord } from './user-schema.ts'

const ListQuery = Type.Object({
  org_id: Type.Optional(Type.String({ description: 'Direct members only; empty: all users' })),
  ...pageFields,
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
    const { org_id: organizationId } = query
    const { total, users } = await core.listUsers(caller, {
      ...readPage(query, timeZone),
      ...(organizationId ? { organizationId } : {}),
    })
    return { body: { total, users: users.map((user) => presentUser(user, timeZone)) } }
  },
})
