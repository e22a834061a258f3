import { Type } from 'typebox'
import type { ProfileField } from '../../../core/users/profile-fields.ts'
import type { UserView } from '../../../store/store.ts'
import { route } from '../../route.ts'
import { IdTokenHeaders, idTokenOf } from './sdk-schema.ts'

/** What people see of themselves: no identity number, and nothing that is the administration's. */
const fields = [
  'first_name',
  'middle_name',
  'last_name',
  'employee_id',
  'attr_city',
  'attr_nick_name',
  'attr_area',
  'attr_gender',
  'attr_work_place',
  'attr_birthday',
  'attr_hire_date',
] as const satisfies readonly ProfileField[]

const Profile = Type.Object(
  {
    user_id: Type.String(),
    user_name: Type.String(),
    name: Type.String(),
    mobile: Type.Optional(Type.String({ examples: ['+86-13800000001'] })),
    email: Type.Optional(Type.String()),
    ...Object.fromEntries(fields.map((field) => [field, Type.Optional(Type.String())])),
  },
  { additionalProperties: false },
)

export const profile = route({
  method: 'GET',
  path: '/profile',
  permission: 'sdk',
  summary: 'Whoever is signed in; what they do not have is absent',
  headers: IdTokenHeaders,
  answers: [200, 'invalid_token', 'SDK.LOGIN.9002'],
  success: Profile,
  handle: async ({ core, signIn, request }) => {
    const user = await core.findSignedInUser({ ...signIn, idToken: idTokenOf(request) })
    return { body: presentProfile(user) }
  },
})

function presentProfile(user: UserView) {
  const optional = {
    mobile: user.mobile,
    email: user.email,
    ...Object.fromEntries(fields.map((field) => [field, user.profile[field]])),
  }
  const present = Object.entries(optional).filter(([, value]) => value !== undefined)
  return {
    user_id: user.id,
    user_name: user.userName,
    name: user.name,
    ...(Object.fromEntries(present) as Record<string, string>),
  }
}
