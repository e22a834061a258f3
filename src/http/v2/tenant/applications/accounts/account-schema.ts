import { type Static, Type } from 'typebox'
import type { AccountChanges } from '../../../../../core/accounts/account-calls.ts'
import { accountTypes } from '../../../../../core/accounts/account-type.ts'
import { applicationIdField, BATCH_SIZE_MAX } from '../application-schema.ts'

export const AccountIdParams = Type.Object({
  ...applicationIdField,
  account_id: Type.String({ description: 'Opaque id of the account' }),
})

export const AccountIdAnswer = Type.Object({ account_id: Type.String() }, { additionalProperties: false })

const Nothing = Type.Null()

const otherFields = {
  name: Type.Optional(
    Type.Union([Type.String(), Nothing], { description: 'Shown to people; empty or null: none' }),
  ),
  org_code: Type.Optional(
    Type.Union([Type.String(), Nothing], {
      description: 'Code of one of the organizations of the application; empty or null: none',
    }),
  ),
  password: Type.Optional(
    Type.Union([Type.String(), Nothing], {
      description: 'Taken and not kept: users sign in with their own password, accounts have none',
    }),
  ),
  disabled: Type.Optional(Type.Union([Type.Boolean(), Nothing], { description: 'null: as if absent' })),
  extension: Type.Optional(
    Type.Union([Type.Record(Type.String(), Type.Unknown()), Nothing], {
      description: 'Further attributes, replaced whole; null: none',
    }),
  ),
}

export const NewBasicAccountBody = Type.Object({
  user_id: Type.String({ description: 'Whose account it is' }),
  account_name: Type.Optional(
    Type.Union([Type.String(), Nothing], {
      description:
        'Unique in the application, whatever the case of its letters; absent or empty: the user name',
    }),
  ),
  ...otherFields,
})

export const NewPublicAccountBody = Type.Object({
  account_name: Type.String({
    description: 'Unique in the application, whatever the case of its letters',
    examples: ['reception'],
  }),
  ...otherFields,
})

/** Absent fields stay as they are. */
export const AccountChangesBody = Type.Object({
  account_name: Type.Optional(Type.String({ description: 'Unique in the application' })),
  ...otherFields,
})

export const UserNamesBody = Type.Object({
  user_names: Type.Array(Type.String(), {
    minItems: 1,
    maxItems: BATCH_SIZE_MAX,
    description: 'Names of users, at most 50',
    examples: [['alice']],
  }),
})

/** Fields that the contract does not know are passed over, and so is the password. */
export function readAccount(
  body: Omit<Static<typeof AccountChangesBody>, 'account_name'> & { readonly account_name?: string | null },
): AccountChanges {
  const { account_name: accountName, name, org_code: organizationCode, disabled, extension } = body
  return {
    ...(accountName === undefined || accountName === null ? {} : { accountName }),
    ...(name === undefined ? {} : { name: name === '' ? null : name }),
    ...(organizationCode === undefined
      ? {}
      : { organizationCode: organizationCode === '' ? null : organizationCode }),
    ...(disabled === undefined || disabled === null ? {} : { disabled }),
    ...(extension === undefined ? {} : { extension }),
  }
}

/** The contract's account record (section 2.3). What an account does not have is null. */
export const AccountRecord = Type.Object(
  {
    id: Type.String(),
    account_name: Type.String(),
    name: Type.Union([Type.String(), Nothing]),
    org_id: Type.Union([Type.String(), Nothing], {
      description: 'Of one of the organizations of the application',
    }),
    account_type: Type.Enum([...accountTypes]),
    disabled: Type.Boolean(),
    attr_manager_id: Type.Union([Type.String(), Nothing], {
      description: 'Id of the user whose account it is; null for accounts of nobody',
    }),
    extension: Type.Record(Type.String(), Type.Unknown()),
  },
  { additionalProperties: false },
)
