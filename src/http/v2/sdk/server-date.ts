import { Type } from 'typebox'
import { route } from '../../route.ts'
import { DeviceHeaders } from './sdk-schema.ts'

export const serverDate = route({
  method: 'GET',
  path: '/server-date',
  permission: 'sdk',
  summary: 'The time of this server',
  headers: DeviceHeaders,
  answers: [200],
  success: Type.Object(
    { timestamp: Type.String({ description: 'Unix milliseconds', examples: ['1764220800000'] }) },
    { additionalProperties: false },
  ),
  handle: async ({ core }) => ({ body: { timestamp: String(core.now()) } }),
})
