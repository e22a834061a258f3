import { templateEvents } from '../notices/template-event.ts'
import { CODE_LENGTH_MAX, isOrganizationCode, NAME_LENGTH_MAX } from '../organizations/check-attributes.ts'
import { isEmailAddress } from '../users/is-email-address.ts'
import { normaliseMobile } from '../users/normalise-mobile.ts'
import { WEBHOOKS_PER_TENANT_MAX } from '../webhooks/webhook.ts'
import { addressRange } from './address-range-shape.ts'
import { list, object, openObject, type ReadObject } from './collection-shapes.ts'
import { importedHash } from './imported-hash-shape.ts'
import { isTimeZone } from './is-time-zone.ts'
import { normaliseHostName } from './normalise-host-name.ts'
import { builtInCode, bundleCode, permissionWord } from './permission-shapes.ts'
import { oneOf, secretText, text, wholeNumber, yesOrNo } from './scalar-shapes.ts'
import { settingsFields } from './settings-schema.ts'
import { type Field, type Fields, optional, required, type Shape } from './shape.ts'
import { webhookFields } from './webhook-fields.ts'

/** A code or name that also stands in commands, URLs and logs. */
const word = (type: string) =>
  text({
    type,
    lengthMax: 64,
    normalise: (value) => (/^[\p{L}\p{N}][\p{L}\p{N}._@-]*$/u.test(value) ? value : undefined),
    complaint: 'is no code: use letters, digits, and . _ - @ after the first',
  })

/** A list that, absent or empty of a value, leaves what is stored alone, even with --prune. */
function section<T>(shape: Shape<T>, effect: string): Field<T, false> {
  return optional(shape, { defaultText: 'none', effect, example: '' })
}

const language = oneOf(['en', 'zh'])
const timeZone = text({
  type: 'IANA time zone',
  normalise: (value) => (isTimeZone(value) ? value : undefined),
  complaint: 'is no time zone: write one such as UTC, Europe/Berlin or Asia/Shanghai',
})
const channel = oneOf(['EMAIL', 'SMS'])

const tenantFields = {
  code: required(
    text({
      type: 'lower-case letters, digits, hyphens',
      lengthMax: 64,
      normalise: (value) => (/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(value) ? value : undefined),
      complaint: 'is no tenant code: use lower-case letters, digits, and hyphens between them',
    }),
    { effect: 'which tenant this is; it never changes', example: 'acme' },
  ),
  name: optional(text(), { defaultText: 'the code', effect: 'shown in messages', example: 'Acme' }),
  domains: optional(
    list(
      text({
        lengthMax: 253,
        normalise: normaliseHostName,
        complaint:
          'is no host name: write it without protocol, port and path, and beyond ASCII in its xn-- form',
      }),
      { type: 'list of host names' },
    ),
    { defaultText: 'none', effect: 'host names this tenant answers at', example: '[id.acme.example]' },
  ),
  language: optional(language, {
    defaultText: '`en`',
    effect: 'of messages, when the user has none',
    example: 'en',
  }),
  time_zone: optional(timeZone, {
    defaultText: '`UTC`',
    effect: 'of times in answers and messages',
    example: 'Asia/Shanghai',
  }),
} satisfies Fields

const gatewayFields = {
  name: required(word('code'), { effect: 'which gateway this is', example: 'mail' }),
  channel: required(channel, { effect: 'what it carries', example: 'EMAIL' }),
  kind: required(word('code'), {
    effect: 'how it is reached; the kind says which further keys there are',
    example: 'smtp',
  }),
  priority: optional(wholeNumber(1, 1_000), {
    defaultText: 'place in the list',
    effect: 'smaller is tried first',
    example: '1',
  }),
} satisfies Fields

const templateFields = {
  event: required(oneOf(templateEvents), { effect: 'what the message is about', example: 'reset-password' }),
  channel: required(channel, { effect: 'what carries it', example: 'EMAIL' }),
  language: required(language, { effect: 'of the text', example: 'en' }),
  subject: optional(text({ lengthMax: 200 }), {
    defaultText: 'none; required for `EMAIL`',
    effect: 'subject line; never with the password',
    example: 'Your new password',
  }),
  text: required(text({ lengthMax: 20_000, isMultiline: true }), {
    effect: 'plain text',
    example: '"Hello {{ name }}, your new password is {{ password }}."',
  }),
  html: optional(text({ lengthMax: 200_000, isMultiline: true }), {
    defaultText: 'none',
    effect: 'HTML part of a mail, beside the text',
    example: '"<p>{{ password }}</p>"',
  }),
} satisfies Fields

const organizationCode = text({
  type: 'code',
  lengthMax: CODE_LENGTH_MAX,
  normalise: (value) => (isOrganizationCode(value) ? value : undefined),
  complaint: 'is no code: use letters, digits, and . _ - @ after the first',
})

const organizationFields = {
  code: required(organizationCode, { effect: 'which organisation this is', example: 'it' }),
  name: optional(text({ lengthMax: NAME_LENGTH_MAX }), {
    defaultText: 'the code',
    effect: 'shown to people',
    example: 'IT',
  }),
  parent_code: optional(organizationCode, {
    defaultText: 'none: a root',
    effect: 'the organisation above, in this file or stored',
    example: 'root',
  }),
} satisfies Fields

const userFields = {
  user_name: required(text({ lengthMax: 128 }), {
    effect: 'which user this is; signs in with it',
    example: 'alice',
  }),
  name: optional(text(), { defaultText: 'the user name', effect: 'shown in messages', example: 'Alice' }),
  email: optional(
    text({
      type: 'e-mail address',
      normalise: (value) => (isEmailAddress(value) ? value : undefined),
      complaint: 'is no e-mail address: write one such as alice@acme.example',
    }),
    { defaultText: 'none', effect: 'where mail goes; signs in with it', example: 'alice@acme.example' },
  ),
  mobile: optional(
    text({
      type: 'mobile number',
      normalise: normaliseMobile,
      complaint: 'is no mobile number: write it with its country, such as "+86-13800000001"',
    }),
    { defaultText: 'none', effect: 'where SMS go; signs in with it', example: '"+86-13800000001"' },
  ),
  org_code: optional(organizationCode, {
    defaultText: 'none',
    effect: 'organisation, in this file or stored',
    example: 'it',
  }),
  language: optional(language, { defaultText: 'none: the tenant’s', effect: 'of messages', example: 'en' }),
  time_zone: optional(timeZone, {
    defaultText: 'none: the tenant’s',
    effect: 'of times in messages to the user',
    example: 'Europe/Berlin',
  }),
  password: optional(secretText({ lengthMin: 1, lengthMax: 256 }), {
    defaultText: 'none',
    effect: 'set when the user is created, and never afterwards',
    example: `"\${ALICE_PASSWORD}"`,
  }),
  password_hash: optional(importedHash(), {
    defaultText: 'none',
    effect: 'instead of a password: its hash in the system the user comes from, set when the user is created',
    example: `"\${ALICE_HASH}"`,
  }),
  deliver_initial: optional(channel, {
    defaultText: 'none',
    effect: 'makes and sends a first password; again on the next run if no gateway took it',
    example: 'EMAIL',
  }),
} satisfies Fields

const applicationFields = {
  name: required(text(), { effect: 'shown to people', example: 'Help desk' }),
  client_id: required(word('code'), { effect: 'which application this is', example: 'helpdesk' }),
  client_secret: required(
    secretText({
      lengthMin: 20,
      lengthMax: 512,
      remedy: 'make a random one, such as with "openssl rand -base64 24"',
    }),
    {
      effect: 'a new one ends all access tokens of the application',
      example: `"\${HELPDESK_SECRET}"`,
    },
  ),
  permissions: optional(
    list(permissionWord, { type: 'list of permission codes and bundles', lengthMax: 100 }),
    {
      defaultText: 'none',
      effect: 'what its access tokens may do',
      example: '[user_all]',
    },
  ),
  allowed_addresses: optional(
    list(addressRange(), { type: 'list of addresses, CIDR ranges, IPv4 with a last `*`', lengthMax: 10 }),
    {
      defaultText: 'none: everywhere',
      effect:
        'from where it may fetch and use access tokens; `[]` is everywhere; the calls of people’s devices are not asked',
      example: '["10.1.2.*", "192.0.2.0/24", "2001:db8::/32", "198.51.100.7"]',
    },
  ),
  token_lifetime_seconds: optional(wholeNumber(60, 86_400), {
    defaultText: '`1800`',
    effect: 'how long an access token is good that is issued from now on',
    example: '1800',
  }),
  reset_organizations: optional(
    list(organizationCode, { type: 'list of organisation codes', lengthMin: 1, lengthMax: 100 }),
    {
      defaultText: 'none: everybody',
      effect: 'with `user_reset` it resets only people whose main organisation is one of these or below one',
      example: '[it]',
    },
  ),
  may_change_administrators: optional(yesOrNo(), {
    defaultText: '`false`',
    effect: 'may change contacts, passwords and state of people with an administrative role',
    example: 'false',
  }),
  own_organizations: optional(yesOrNo(), {
    defaultText: '`true`',
    effect: 'has organisations of its own, to put accounts into',
    example: 'true',
  }),
  own_roles: optional(yesOrNo(), {
    defaultText: '`true`',
    effect: 'has roles of its own, to give to accounts',
    example: 'true',
  }),
  several_roles: optional(yesOrNo(), {
    defaultText: '`true`',
    effect: 'an account may have more than one of its roles',
    example: 'true',
  }),
} satisfies Fields

const permissionBundleFields = {
  code: required(bundleCode, { effect: 'which bundle this is; never a built-in code', example: 'helpdesk' }),
  name: optional(text(), { defaultText: 'the code', effect: 'shown to people', example: 'Help desk' }),
  permissions: required(list(builtInCode, { type: 'list of permission codes', lengthMin: 1 }), {
    effect: 'what every application may do that has the bundle',
    example: '[user_read, user_reset]',
  }),
} satisfies Fields

const administratorFields = {
  user_name: required(text({ lengthMax: 128 }), { effect: 'user, in this file or stored', example: 'alice' }),
  role: required(oneOf(['owner']), { effect: 'administrative role', example: 'owner' }),
} satisfies Fields

/** One document of a tenant file: every key, what it may be, and what it does. */
export const tenantFileShape = object({
  tenant: required(object(tenantFields), { effect: 'the company itself', example: '' }),
  ...settingsFields,
  gateways: section(list(openObject(gatewayFields)), 'ways out, replaced whole by `name`'),
  templates: section(
    list(object(templateFields)),
    'messages, replaced whole by `event`, `channel`, `language`',
  ),
  webhooks: section(
    list(object(webhookFields), { lengthMax: WEBHOOKS_PER_TENANT_MAX }),
    'systems that are told of events, replaced whole by `name`',
  ),
  organizations: section(list(object(organizationFields)), 'organisations by `code`'),
  users: section(list(object(userFields)), 'employees by `user_name`'),
  permission_bundles: section(
    list(object(permissionBundleFields), { lengthMax: 100 }),
    'permission codes under one name by `code`, for `permissions` of applications',
  ),
  applications: section(list(object(applicationFields)), 'callers of the API by `client_id`'),
  administrators: optional(list(object(administratorFields)), {
    defaultText: 'none',
    effect: 'roles of users; no application changes them unless it may',
    example: '',
  }),
} satisfies Fields)

type ShapeValue<S> = S extends { read(...args: never): infer T } ? Exclude<T, undefined> : never
export type TenantDocument = ShapeValue<typeof tenantFileShape>
export type GatewayEntry = ReadObject<typeof gatewayFields> & {
  readonly rest: Readonly<Record<string, unknown>>
}
export type TemplateEntry = ReadObject<typeof templateFields>
export type WebhookEntry = ReadObject<typeof webhookFields>
export type OrganizationEntry = ReadObject<typeof organizationFields>
export type UserEntry = ReadObject<typeof userFields>
export type ApplicationEntry = ReadObject<typeof applicationFields>
export type PermissionBundleEntry = ReadObject<typeof permissionBundleFields>
export type AdministratorEntry = ReadObject<typeof administratorFields>
