import { Type } from 'typebox'
import { PER_MINUTE_DEFAULT, PER_MINUTE_MAX } from '../../../../core/imports/user-import.ts'
import { route } from '../../../route.ts'
import { ImportAnswer, presentImport } from './user-import-schema.ts'

const ROWS_TOTAL_MAX = 10_000_000

export const startUserImport = route({
  method: 'POST',
  path: '',
  permission: 'user_all',
  summary: 'Start an import of users; their rows follow, some hundred a call',
  body: Type.Object({
    rows_total: Type.Integer({
      minimum: 1,
      maximum: ROWS_TOTAL_MAX,
      description: 'How many rows there are; with the last one the import is finished',
      examples: [3],
    }),
    update: Type.Optional(
      Type.Boolean({
        description: 'Change users who are there already; otherwise their rows are refused',
        examples: [false],
      }),
    ),
    deliver_initial: Type.Optional(
      Type.Enum(['EMAIL', 'SMS'], {
        type: 'string',
        description: 'Send people without a password their first one, by and by',
      }),
    ),
    per_minute: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: PER_MINUTE_MAX,
        description: `First passwords a minute; absent: ${PER_MINUTE_DEFAULT}`,
        examples: [60],
      }),
    ),
  }),
  answers: [201, 'REQUEST.9002'],
  success: ImportAnswer,
  handle: async ({ core, caller, body }) => {
    const userImport = await core.startUserImport(caller, {
      rowsTotal: body.rows_total,
      isUpdate: body.update ?? false,
      sendMode: body.deliver_initial as 'EMAIL' | 'SMS' | undefined,
      perMinute: body.per_minute ?? PER_MINUTE_DEFAULT,
    })
    return { body: presentImport(userImport, caller.tenant.timeZone) }
  },
})
