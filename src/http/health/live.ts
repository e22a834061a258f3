import { Type } from 'typebox'
import { route } from '../route.ts'

export const live = route({
  method: 'GET',
  path: '/live',
  permission: 'server',
  summary: 'Whether the process runs',
  answers: [200],
  success: Type.Object({ status: Type.Literal('live') }),
  handle: async () => ({ body: { status: 'live' as const } }),
})
