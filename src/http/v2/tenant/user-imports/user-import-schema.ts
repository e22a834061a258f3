import { type Static, Type } from 'typebox'
import type { FirstPasswordCount } from '../../../../core/imports/first-password.ts'
import type { RowFault, UserImport } from '../../../../core/imports/user-import.ts'
import { formatTime } from '../../../../core/tenants/format-time.ts'
import type { Language } from '../../../../core/tenants/tenant.ts'
import { publicText } from '../../../../errors/api-error.ts'

export const ImportIdParams = Type.Object({
  import_id: Type.String({ description: 'Opaque id of the import' }),
})

const time = (description: string) => Type.String({ description: `${description}, yyyy-MM-dd HH:mm:ss.SSS` })
const rows = (description: string, example: number) => Type.Integer({ description, examples: [example] })

export const importFields = {
  import_id: Type.String(),
  state: Type.Enum(['open', 'finished'], { type: 'string', description: 'finished: every row is settled' }),
  update: Type.Boolean(),
  deliver_initial: Type.Optional(Type.Enum(['EMAIL', 'SMS'], { type: 'string' })),
  per_minute: rows('First passwords a minute', 60),
  rows_total: Type.Optional(rows('As the start said; absent: an import of a file', 3)),
  position: rows('Number of the last row that is settled; 0: none yet', 3),
  created: rows('Users that were created', 2),
  updated: rows('Users that were changed', 0),
  unchanged: rows('Rows that said what was so already', 0),
  failed: rows('Rows that were refused', 1),
  created_at: time('When the import began'),
  updated_at: time('When rows were last settled'),
  finished_at: Type.Optional(time('When its last row was settled')),
}

const RowErrors = Type.Array(
  Type.Object(
    {
      row: rows('Number of the row, from 1', 3),
      field: Type.String({ description: 'Empty: the row as a whole', examples: ['email'] }),
      error_code: Type.String({ examples: ['USER.9004'] }),
      error_msg: Type.String({ examples: ['The email is taken'] }),
    },
    { additionalProperties: false },
  ),
)

export const ImportAnswer = Type.Object(importFields, { additionalProperties: false, title: 'UserImport' })

export const RowsAnswer = Type.Object({ ...importFields, errors: RowErrors }, { additionalProperties: false })

export const ImportView = Type.Object(
  {
    ...importFields,
    errors: RowErrors,
    first_passwords: Type.Array(
      Type.Object(
        {
          state: Type.Enum(['waiting', 'delivered', 'failed', 'not_needed'], { type: 'string' }),
          reason: Type.Optional(Type.String({ examples: ['USER.0012'] })),
          total: Type.Integer(),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)

export function presentImport(userImport: UserImport, timeZone: string): Static<typeof ImportAnswer> {
  const { sendMode, rowsTotal, finishedAt } = userImport
  return {
    import_id: userImport.id,
    state: finishedAt === undefined ? 'open' : 'finished',
    update: userImport.isUpdate,
    ...(sendMode === undefined ? {} : { deliver_initial: sendMode }),
    per_minute: userImport.perMinute,
    ...(rowsTotal === undefined ? {} : { rows_total: rowsTotal }),
    position: userImport.position,
    ...userImport.counts,
    created_at: formatTime(userImport.createdAt, timeZone),
    updated_at: formatTime(userImport.updatedAt, timeZone),
    ...(finishedAt === undefined ? {} : { finished_at: formatTime(finishedAt, timeZone) }),
  }
}

export function presentFaults(faults: readonly RowFault[], language: Language): Static<typeof RowErrors> {
  return faults.map(({ row, field, code, params }) => ({
    row,
    field,
    error_code: code,
    error_msg: publicText(code, language, params),
  }))
}

export function presentFirstPasswords(
  counts: readonly FirstPasswordCount[],
): Static<typeof ImportView>['first_passwords'] {
  return counts.map(({ state, reason, total }) => ({
    state,
    ...(reason === undefined ? {} : { reason }),
    total,
  }))
}
