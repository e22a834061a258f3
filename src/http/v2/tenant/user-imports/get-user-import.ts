import { Type } from 'typebox'
import { route } from '../../../route.ts'
import {
  ImportIdParams,
  ImportView,
  presentFaults,
  presentFirstPasswords,
  presentImport,
} from './user-import-schema.ts'

export const getUserImport = route({
  method: 'GET',
  path: '/:import_id',
  permission: 'user_read',
  summary: 'Get an import: how far it is, its refused rows, and what became of first passwords',
  params: ImportIdParams,
  query: Type.Object({
    after_row: Type.Optional(
      Type.String({
        pattern: '^\\d{1,15}$',
        description: 'Refused rows behind this one, at most 100; absent: from the beginning',
        examples: ['0'],
      }),
    ),
  }),
  answers: [200, 'IMPORT.9001', 'REQUEST.9002'],
  success: ImportView,
  handle: async ({ core, caller, params, query, request }) => {
    const afterRow = Number(query.after_row ?? 0)
    const found = await core.findUserImport(caller, params.import_id, afterRow)
    return {
      body: {
        ...presentImport(found.userImport, caller.tenant.timeZone),
        errors: presentFaults(found.faults, request.language),
        first_passwords: presentFirstPasswords(found.firstPasswords),
      },
    }
  },
})
