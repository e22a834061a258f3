import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { profileFields } from '../../../../core/users/profile-fields.ts'
import { ApiError } from '../../../../errors/api-error.ts'
import { neededText } from '../../../lenient.ts'

export const UserIdParams = Type.Object({ user_id: Type.String({ description: 'Opaque id of the user' }) })

export const UserIdAnswer = Type.Object({ user_id: Type.String() }, { additionalProperties: false })

/** Absent, null and empty are PWD.0001. */
export const TypedPassword = neededText('Nothing is trimmed', 'An0ther-Passphrase')

/** The one that is in force, as examples have it. */
export const PresentTypedPassword = neededText('Nothing is trimmed', 'My-0wn-Passphrase')

/** @throws ApiError PWD.0001 */
export function readPassword(typed: string | null | undefined): Secret {
  if (!typed) throw new ApiError('PWD.0001')
  return new Secret(typed)
}

const time = (description: string) =>
  Type.Optional(Type.String({ description: `${description}, yyyy-MM-dd HH:mm:ss.SSS` }))
const profile = Object.fromEntries(profileFields.map((field) => [field, Type.Optional(Type.String())]))

/** The contract's user record (section 2.1.2). What a user does not have is absent. */
export const UserRecord = Type.Object(
  {
    user_id: Type.String(),
    org_id: Type.Optional(Type.String()),
    user_name: Type.String(),
    name: Type.String(),
    mobile: Type.Optional(Type.String({ examples: ['+86-13800000001'] })),
    email: Type.Optional(Type.String({ examples: ['alice@acme.example'] })),
    ...profile,
    pwd_must_modify: Type.Boolean(),
    pwd_change_at: time('When the password last changed'),
    disabled: Type.Boolean(),
    locked: Type.Boolean(),
    grade: Type.Integer(),
    created_at: time('When the user was created'),
    updated_at: time('When the user last changed'),
    last_login_ip: Type.Optional(Type.String()),
    last_login_at: time('When the user last signed in'),
    user_org_relation_list: Type.Array(
      Type.Object({ org_id: Type.String(), relation_type: Type.Integer() }, { additionalProperties: false }),
    ),
    extension: Type.Record(Type.String(), Type.Unknown()),
  },
  { additionalProperties: false, title: 'User' },
)
