import { type Static, Type } from 'typebox'
import { type ProfileField, profileFields } from '../../../../core/users/profile-fields.ts'
import type { NamedRelation, UserChanges } from '../../../../core/users/user-calls.ts'

/** A field that may be absent or taken away. */
export const text = (description: string, example?: string) =>
  Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description,
      ...(example === undefined ? {} : { examples: [example] }),
    }),
  )

const profileText: Readonly<Partial<Record<ProfileField, string>>> = {
  attr_gender: 'male, female or unknow (sic)',
  attr_birthday: 'yyyy-MM-dd',
  attr_hire_date: 'yyyy-MM-dd',
  attr_manager_id: 'Id of the user above',
}

/** The vendor writes booleans here and strings in change-password; both are taken everywhere (contract, section 7). */
export const MustModify = Type.Union([Type.Boolean(), Type.String({ pattern: '^(?:true|false)$' })], {
  description: 'Whether the password must be changed at the next sign-in; true or "true"',
})

const RelationType = Type.Union([
  Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 }),
  Type.String({ pattern: '^\\d{1,9}$' }),
])

/** One vendor writes snake_case, the other camelCase: both are taken. */
const Relation = Type.Object({
  org_code: Type.Optional(Type.String()),
  relation_type: Type.Optional(RelationType),
  orgCode: Type.Optional(Type.String()),
  relationType: Type.Optional(RelationType),
})

/** The contract's body of creation and change (section 2.1.1): absent fields stay; null and empty texts take away. */
export const UserBody = Type.Object({
  user_name: text('Unique in the tenant, whatever the case of its letters; signs in', 'alice'),
  name: text('Shown to people; empty: the user name', 'Alice'),
  mobile: text('Unique; a mainland number may come without its country code', '+86-13800000001'),
  email: text('Unique, whatever the case of its letters', 'alice@acme.example'),
  org_code: text('Code of the main organization; empty: the root that was made first'),
  user_org_relation_list: Type.Optional(
    Type.Union([Type.Array(Relation), Type.Null()], {
      description:
        'Organizations that the user belongs to, replaced whole; relation_type is kept as it is sent',
    }),
  ),
  ...(Object.fromEntries(
    profileFields.map((field) => [field, text(profileText[field] ?? 'Kept as it is sent')]),
  ) as Record<ProfileField, ReturnType<typeof text>>),
  pwd_must_modify: Type.Optional(Type.Union([MustModify, Type.Null()])),
  extension: Type.Optional(
    Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
      description: 'Further attributes; absent ones stay, null takes one away',
    }),
  ),
})

/** Fields that the contract does not know are passed over. */
export function readUserChanges(body: Static<typeof UserBody>): UserChanges {
  const { user_org_relation_list: relations, org_code: code, pwd_must_modify: mustModify } = body
  const given = profileFields.filter((field) => body[field] !== undefined)
  return {
    ...(body.user_name === undefined ? {} : { userName: body.user_name }),
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.mobile === undefined ? {} : { mobile: body.mobile }),
    ...(body.email === undefined ? {} : { email: body.email }),
    ...(code === undefined ? {} : { organizationCode: code?.trim() ? code : null }),
    ...(relations === undefined ? {} : { relations: relations?.map(readRelation) ?? null }),
    ...(given.length === 0
      ? {}
      : { profile: Object.fromEntries(given.map((field) => [field, body[field]])) }),
    ...(mustModify === undefined || mustModify === null ? {} : { mustChangePassword: isTrue(mustModify) }),
    ...(body.extension === undefined ? {} : { extension: body.extension }),
  }
}

export function isTrue(value: boolean | string): boolean {
  return value === true || value === 'true'
}

function readRelation(relation: Static<typeof Relation>): NamedRelation {
  return {
    organizationCode: relation.org_code ?? relation.orgCode ?? '',
    relationType: Number(relation.relation_type ?? relation.relationType ?? 0),
  }
}
