import { Type } from 'typebox'
import { route } from '../route.ts'

export const metrics = route({
  method: 'GET',
  path: '/metrics',
  permission: 'server',
  summary: 'Counters in the Prometheus text format',
  answers: [200],
  success: Type.String(),
  handle: async ({ metrics: counters }) => ({
    headers: { 'Content-Type': counters.contentType },
    body: await counters.expose(),
  }),
})
