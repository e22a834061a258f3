import { route } from '../../../route.ts'
import { UserIdParams } from './user-schema.ts'

export const deleteUser = route({
  method: 'DELETE',
  path: '/:user_id',
  permission: 'user_all',
  summary: 'Delete a user, and end what signs in as them',
  params: UserIdParams,
  answers: [204, 'USER.0001', 'USER.9006'],
  handle: async ({ core, caller, params }) => {
    await core.deleteUser(caller, params.user_id)
    return { body: undefined }
  },
})
