import { Type } from 'typebox'
import { ROWS_PER_BATCH_MAX } from '../../../../core/imports/user-import.ts'
import { Secret } from '../../../../core/secret.ts'
import { route } from '../../../route.ts'
import { NewUserBody } from '../users/create-user.ts'
import { readUserChanges } from '../users/user-body.ts'
import { ImportIdParams, presentFaults, presentImport, RowsAnswer } from './user-import-schema.ts'

const Row = Type.Object({
  ...NewUserBody.properties,
  disabled: Type.Optional(
    Type.Boolean({ description: 'Absent: new users are not, others stay as they are', examples: [false] }),
  ),
})

export const importUserRows = route({
  method: 'POST',
  path: '/:import_id/rows',
  permission: 'user_all',
  summary:
    'Settle rows of an import, all in one transaction; rows that are settled already are not done twice',
  params: ImportIdParams,
  body: Type.Object({
    first_row: Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description:
        'Number of the first of these rows, from 1: position and 1. After a lost answer, the same again',
      examples: [1],
    }),
    rows: Type.Array(Row, { minItems: 1, maxItems: ROWS_PER_BATCH_MAX }),
  }),
  bodyBytesMax: 1_024 * 1_024,
  answers: [200, 'IMPORT.9001', 'IMPORT.9003', 'IMPORT.9004', 'REQUEST.9002', 'REQUEST.9011'],
  success: RowsAnswer,
  handle: async ({ core, caller, params, body, request }) => {
    const rows = body.rows.map(({ password, disabled, ...row }) => ({
      ...readUserChanges(row),
      ...(disabled === undefined ? {} : { disabled }),
      password: password ? new Secret(password) : undefined,
    }))
    const given = { firstRow: body.first_row, rows }
    const { userImport, faults } = await core.importUserRows(caller, params.import_id, given)
    const errors = presentFaults(faults, request.language)
    return { body: { ...presentImport(userImport, caller.tenant.timeZone), errors } }
  },
})
