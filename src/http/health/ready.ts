import { Type } from 'typebox'
import { route } from '../route.ts'

const Check = Type.Union([Type.Literal('ok'), Type.Literal('failed'), Type.Literal('unknown')])
const Readiness = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('not_ready')]),
  checks: Type.Object({ database: Check, migrations: Check, clock: Check }),
})

export const ready = route({
  method: 'GET',
  path: '/ready',
  permission: 'server',
  summary: 'Whether the process can do its work, and if not, which check failed',
  answers: [200, 503],
  success: Readiness,
  handle: async ({ health }) => {
    const report = await health.check()
    return { status: report.status === 'ready' ? 200 : 503, body: report }
  },
})
