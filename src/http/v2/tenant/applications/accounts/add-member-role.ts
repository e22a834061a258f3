import { Type } from 'typebox'
import { sampleValues } from '../../../../openapi/sample-values.ts'
import { route } from '../../../../route.ts'
import { BATCH_SIZE_MAX, BatchAnswer } from '../application-schema.ts'
import { AccountIdParams } from './account-schema.ts'

export const addMemberRole = route({
  method: 'POST',
  path: '/:app_id/accounts/:account_id/member-role',
  permission: 'account_all',
  summary: 'Give roles to an account',
  params: AccountIdParams,
  body: Type.Object({
    role_ids: Type.Array(Type.String(), {
      minItems: 1,
      maxItems: BATCH_SIZE_MAX,
      description: 'Ids of roles of the application, at most 50',
      examples: [[sampleValues.role_id]],
    }),
  }),
  answers: [200, 'APP.0001', 'APP.OBJECTMODEL.0006', 'APP.ACCOUNT.0028', 'APP.ROLE.0004', 'REQUEST.9002'],
  success: BatchAnswer,
  handle: async ({ core, caller, params, body }) => {
    const id = { applicationId: params.app_id, accountId: params.account_id }
    const { succeeded, failed } = await core.addRolesToAccount(caller, id, body.role_ids)
    return { body: { success_list: [...succeeded], fail_list: [...failed] } }
  },
})
