import { Type } from 'typebox'
import { Secret } from '../../../../core/secret.ts'
import { neededText } from '../../../lenient.ts'
import { passwordCodes } from '../../../password-codes.ts'
import { route } from '../../../route.ts'
import { readUserChanges, text, UserBody } from './user-body.ts'
import { UserIdAnswer } from './user-schema.ts'

export const NewUserBody = Type.Object({
  ...UserBody.properties,
  // absent, null and empty are USER.9007
  user_name: neededText('Unique in the tenant, whatever the case of its letters; signs in', 'frank'),
  name: text('Shown to people; empty: the user name', 'Frank'),
  mobile: text('Unique; a mainland number may come without its country code', '+86-13800000006'),
  email: text('Unique, whatever the case of its letters', 'frank@acme.example'),
  password: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description:
        'Absent: nobody signs in until one is set or delivered. With one, pwd_must_modify is true unless sent',
    }),
  ),
})

export const createUser = route({
  method: 'POST',
  path: '',
  permission: 'user_all',
  summary: 'Create a user',
  body: NewUserBody,
  answers: [
    201,
    'USER.0011',
    'USER.0012',
    'USER.0038',
    'USER.9002',
    'USER.9003',
    'USER.9004',
    'USER.9005',
    'USER.9007',
    'USER.9008',
    'ORG.0001',
    ...passwordCodes,
    'REQUEST.9002',
  ],
  success: UserIdAnswer,
  handle: async ({ core, caller, body }) => {
    const password =
      body.password === undefined || body.password === null ? undefined : new Secret(body.password)
    const { userId } = await core.createUser(caller, { ...readUserChanges(body), password })
    return { body: { user_id: userId } }
  },
})
