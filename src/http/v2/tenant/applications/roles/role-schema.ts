import { Type } from 'typebox'
import { formatTime } from '../../../../../core/tenants/format-time.ts'
import { ApiError } from '../../../../../errors/api-error.ts'
import type { ApplicationRole } from '../../../../../store/store.ts'
import { neededAs } from '../../../../lenient.ts'
import { sampleValues } from '../../../../openapi/sample-values.ts'
import { applicationIdField, BATCH_SIZE_MAX } from '../application-schema.ts'

export const RoleIdParams = Type.Object({
  ...applicationIdField,
  role_id: Type.String({ description: 'Opaque id of the role' }),
})

export const RoleIdAnswer = Type.Object({ role_id: Type.String() }, { additionalProperties: false })

/** OneAccess's record (contract, section 2.4; sic: camel case). */
export const RoleRecord = Type.Object(
  {
    id: Type.String(),
    code: Type.String(),
    name: Type.Union([Type.String(), Type.Null()]),
    createdAt: Type.String({ description: 'yyyy-MM-dd HH:mm:ss.SSS' }),
    updatedAt: Type.String({ description: 'yyyy-MM-dd HH:mm:ss.SSS' }),
  },
  { additionalProperties: false },
)

export function presentRole(role: ApplicationRole, timeZone: string) {
  return {
    id: role.id,
    code: role.code,
    name: role.name ?? null,
    createdAt: formatTime(role.createdAt, timeZone),
    updatedAt: formatTime(role.updatedAt, timeZone),
  }
}

const accountIds = {
  minItems: 1,
  maxItems: BATCH_SIZE_MAX,
  description: 'Ids of accounts of the application, at most 50; in either spelling',
}

const shownAccountIds = Type.Array(Type.String(), { ...accountIds, examples: [[sampleValues.account_id]] })

export const RoleMembersBody = Type.Object({
  role_id: Type.String({ description: 'Opaque id of the role' }),
  // sic: the source's spelling, which examples have; either is needed
  account_Ids: Type.Optional(Type.Array(Type.String(), { ...accountIds, ...neededAs(shownAccountIds) })),
  account_ids: Type.Optional(
    Type.Array(Type.String(), { ...accountIds, description: 'Taken in place of account_Ids' }),
  ),
})

/** @throws ApiError REQUEST.9002 neither spelling came */
export function readAccountIds(body: {
  readonly account_Ids?: readonly string[]
  readonly account_ids?: readonly string[]
}): readonly string[] {
  const ids = body.account_Ids ?? body.account_ids
  if (ids === undefined) {
    throw new ApiError('REQUEST.9002', { params: ['account_Ids'], detail: 'account_Ids' })
  }
  return ids
}
