import { type Static, Type } from 'typebox'
import type { UpdateOwnProfileCall } from '../../../../core/signin/sign-in-calls.ts'
import { ownFields } from '../../../../core/users/own-profile.ts'
import { route } from '../../../route.ts'
import { text, UserBody } from '../../tenant/users/user-body.ts'
import { IdTokenHeaders, idTokenOf } from '../sdk-schema.ts'

const { name, ...userFields } = UserBody.properties

const OwnProfile = Type.Object({
  name,
  ...(Object.fromEntries(ownFields.map((field) => [field, userFields[field]])) as Pick<
    typeof userFields,
    (typeof ownFields)[number]
  >),
  attr_nick_name: text('Kept as it is sent', 'Al'),
  extension: Type.Optional(
    Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
      description: 'Attributes of the tenant’s own; absent ones stay, null takes one away',
    }),
  ),
})

/** Fields of a user that nobody may change themselves. */
const otherFields = [...Object.keys(userFields), 'password'].filter(
  (field) => !Object.hasOwn(OwnProfile.properties, field),
)

export const updateProfile = route({
  method: 'POST',
  path: '/profile/update',
  permission: 'sdk',
  summary: 'Change what the tenant lets people change of themselves; absent fields stay as they are',
  headers: IdTokenHeaders,
  body: OwnProfile,
  answers: [
    200,
    'invalid_token',
    'SDK.PROFILE.9001',
    'SDK.LOGIN.9002',
    'USER.9005',
    'USER.9007',
    'USER.9008',
  ],
  handle: async ({ core, signIn, request, body }) => {
    await core.updateOwnProfile({ ...signIn, idToken: idTokenOf(request), ...readOwnProfile(body) })
    return { body: undefined }
  },
})

function readOwnProfile(body: Static<typeof OwnProfile>): Pick<UpdateOwnProfileCall, 'changes' | 'others'> {
  const given = ownFields.filter((field) => body[field] !== undefined)
  const others = Object.entries(body).filter(([field]) => otherFields.includes(field))
  return {
    changes: {
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(given.length === 0
        ? {}
        : { profile: Object.fromEntries(given.map((field) => [field, body[field]])) }),
      // null is what clients write who have none; what is not theirs is not taken away by it
      ...(body.extension ? { extension: body.extension } : {}),
    },
    others: Object.fromEntries(others),
  }
}
