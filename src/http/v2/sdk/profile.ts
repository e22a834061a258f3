import { Type } from 'typebox'
import { shownExtension, shownFields, shownValues } from '../../../core/users/own-profile.ts'
import type { UserView } from '../../../store/store.ts'
import { route } from '../../route.ts'
import { IdTokenHeaders, idTokenOf } from './sdk-schema.ts'

const Profile = Type.Object(
  {
    user_id: Type.String(),
    user_name: Type.String(),
    name: Type.String(),
    mobile: Type.Optional(Type.String({ examples: ['+86-13800000001'] })),
    email: Type.Optional(Type.String()),
    ...Object.fromEntries(shownFields.map((field) => [field, Type.Optional(Type.String())])),
    extension: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'Attributes of the tenant’s own that people may change themselves',
      }),
    ),
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
    return { body: presentProfile(user, signIn.tenant.settings.profile.editable) }
  },
})

function presentProfile(user: UserView, editable: readonly string[]) {
  const { user_id, user_name, name, ...optional } = shownValues(user)
  const present = Object.entries(optional).filter(([, value]) => value !== undefined)
  const extension = shownExtension(user, editable)
  return {
    user_id: user.id,
    user_name: user.userName,
    name: user.name,
    ...(Object.fromEntries(present) as Record<string, string>),
    ...(Object.keys(extension).length === 0 ? {} : { extension }),
  }
}
