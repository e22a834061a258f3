import { codePurposes } from '../codes/code-purpose.ts'
import { defaultTenantSettings, oldPasswordModes } from '../tenants/tenant.ts'
import { canBeEditable, ownFields } from '../users/own-profile.ts'
import { attributeSections } from './attribute-fields.ts'
import { list, object, type ReadObject } from './collection-shapes.ts'
import { pagesFields } from './pages-fields.ts'
import { oneOf, text, wholeNumber, yesOrNo } from './scalar-shapes.ts'
import { type Field, type Fields, optional } from './shape.ts'

const { passwordPolicy, reset, signIn, messages, notices, codes, profile, retention } = defaultTenantSettings

function number(min: number, max: number, defaultNumber: number, effect: string): Field<number, false> {
  return optional(wholeNumber(min, max), {
    defaultText: `\`${defaultNumber}\``,
    effect,
    example: String(defaultNumber),
  })
}

function refuseOrAllow(defaultWord: 'refuse' | 'allow', effect: string): Field<'refuse' | 'allow', false> {
  return optional(oneOf(['refuse', 'allow']), {
    defaultText: `\`${defaultWord}\``,
    effect,
    example: defaultWord,
  })
}

const passwordPolicyFields = {
  profile: optional(oneOf(['modern', 'classic']), {
    defaultText: 'none',
    effect:
      'sets every key below that the file does not name: `modern` as NIST SP 800-63B-4 (15 to 128 characters, with `sign_in.second_factor` 8 to 128, no classes, no history), `classic` the defaults',
    example: 'modern',
  }),
  // ASVS 5.0, 6.2.1 and 6.2.9: at least 8 characters, and at least 64 must be possible where nothing older forbids it
  length_min: number(8, 64, passwordPolicy.lengthMin, 'fewest characters of a password'),
  length_max: number(8, 256, passwordPolicy.lengthMax, 'most characters of a password'),
  classes_min: number(
    1,
    4,
    passwordPolicy.classesMin,
    'how many of digit, upper case, lower case, special it must have',
  ),
  history: number(0, 50, passwordPolicy.history, 'how many earlier passwords must not come back'),
  weak_passwords: refuseOrAllow(
    passwordPolicy.weakPasswords,
    'passwords of lists of common ones, or guessed in under 100 million tries (zxcvbn)',
  ),
  breached_passwords: refuseOrAllow(
    passwordPolicy.breachedPasswords,
    'passwords of known data breaches; needs `REKEY_BREACHED_PASSWORDS_SOURCE`',
  ),
  breached_on_failure: refuseOrAllow(
    passwordPolicy.breachedOnFailure,
    'any password (503, try again) while that source cannot be asked',
  ),
  user_info: refuseOrAllow(passwordPolicy.userInfo, 'passwords that hold the user’s name, mail or mobile'),
  repeats_max: number(0, 10, passwordPolicy.repeatsMax, 'longest run of one character; 0: any'),
  minimum_age_hours: number(
    0,
    720,
    passwordPolicy.minimumAgeHours,
    'hours before employees may change a password that they chose; 0: none',
  ),
  maximum_age_days: number(
    0,
    3_650,
    passwordPolicy.maximumAgeDays,
    'days until a new password must be chosen at sign-in; 0: never',
  ),
  warn_days: number(
    0,
    365,
    passwordPolicy.warnDays,
    'days before that on which sign-in answers `PASSWORD_WARN`; 0: none',
  ),
} satisfies Fields

const limitsFields = {
  per_user_per_hour: number(1, 1_000, reset.limits.perUserPerHour, 'resets of one user by one application'),
  per_user_per_day: number(1, 1_000, reset.limits.perUserPerDay, 'resets of one user'),
  per_destination_per_hour: number(1, 1_000, reset.limits.perDestinationPerHour, 'messages to one address'),
  per_application_per_hour: number(
    1,
    1_000_000,
    reset.limits.perApplicationPerHour,
    'resets by one application',
  ),
  sms_per_day: number(1, 10_000_000, reset.limits.smsPerDay, 'SMS of the tenant'),
} satisfies Fields

const LIFETIME_MINUTES_MAX = 10_080 // a week: a password that waits longer in an inbox is a secret that outlives its use

const QUARANTINE_HOURS_MAX = 720 // a month: whoever waits longer than that for a password has left

const resetFields = {
  send_modes: optional(list(oneOf(['EMAIL', 'SMS']), { lengthMin: 1, type: 'list of `EMAIL`, `SMS`' }), {
    defaultText: '`[EMAIL, SMS]`',
    effect: 'channels a reset may use',
    example: '[EMAIL]',
  }),
  old_password: optional(oneOf(oldPasswordModes), {
    defaultText: `\`${reset.oldPassword}\``,
    effect:
      'until when the old password works: until somebody signs in with the new one, until a gateway has accepted it, or not at all once the reset begins; a call may be stricter (`old_password`), never laxer',
    example: 'keep-until-accepted',
  }),
  lifetime_minutes: optional(
    object({
      EMAIL: number(1, LIFETIME_MINUTES_MAX, reset.lifetimeMinutes.EMAIL, 'life of a password sent by mail'),
      SMS: number(1, LIFETIME_MINUTES_MAX, reset.lifetimeMinutes.SMS, 'life of a password sent by SMS'),
    }),
    { defaultText: 'as below', effect: 'how long a delivered password can be used', example: '' },
  ),
  limits: optional(object(limitsFields), {
    defaultText: 'as below',
    effect: 'most resets in a time',
    example: '',
  }),
  contact_quarantine_hours: number(
    0,
    QUARANTINE_HOURS_MAX,
    reset.contactQuarantineHours,
    'a contact changed less than this ago gets no reset; 0: any does',
  ),
  administrator_contact_quarantine_hours: number(
    0,
    QUARANTINE_HOURS_MAX,
    reset.administratorContactQuarantineHours,
    'the same for people with an administrative role; the longer of the two counts',
  ),
  sms_countries: optional(
    list(
      text({
        type: 'calling code with `+`',
        normalise: (value) => (/^\+[1-9]\d{0,2}$/.test(value) ? value : undefined),
        complaint: 'is no country calling code: write it with its plus and in quotes, such as "+86"',
      }),
      { type: 'list of country calling codes' },
    ),
    { defaultText: 'none: all', effect: 'countries that SMS may go to', example: '["+86", "+49"]' },
  ),
} satisfies Fields

const signInFields = {
  attempts_max: number(1, 100, signIn.attemptsMax, 'wrong passwords until the account is locked'),
  lock_minutes: number(1, 1_440, signIn.lockMinutes, 'how long it stays locked'),
  per_address_per_minute: number(
    1,
    1_000_000,
    signIn.perAddressPerMinute,
    'sign-ins from one network address',
  ),
  second_factor: optional(oneOf(['none', 'code']), {
    defaultText: `\`${signIn.secondFactor}\``,
    effect:
      '`code`: a right password is followed by a code (`MFA_AUTH`), and a code alone signs nobody in; users need a contact with a gateway',
    example: 'code',
  }),
} satisfies Fields

const RETENTION_DAYS_MAX = 36_500
// a receiver that takes nothing fills its list: it must end
const WEBHOOKS_DAYS_MAX = 400

const retentionFields = {
  audit_days: number(0, RETENTION_DAYS_MAX, retention.auditDays, 'how long audit rows are kept; 0: for ever'),
  resets_days: number(
    0,
    RETENTION_DAYS_MAX,
    retention.resetsDays,
    'how long finished resets are kept; 0: for ever',
  ),
  webhooks_days: number(
    1,
    WEBHOOKS_DAYS_MAX,
    retention.webhooksDays,
    'how long events stay listed that a webhook did not take',
  ),
} satisfies Fields

const messagesFields = {
  support: optional(text({ lengthMax: 80 }), {
    defaultText: 'none: “your IT help desk”',
    effect: 'whom to call, shown in messages',
    example: '"the IT help desk, 1234"',
  }),
  sms_segments_max: number(
    1,
    10,
    messages.smsSegmentsMax,
    'most SMS that one message by a template of this file may cost, with long values',
  ),
} satisfies Fields

function whether(defaultValue: boolean, effect: string): Field<boolean, false> {
  return optional(yesOrNo(), {
    defaultText: `\`${defaultValue}\``,
    effect,
    example: String(defaultValue),
  })
}

const noticesFields = {
  password_changed: whether(
    notices.passwordChanged,
    'whether a changed password is told to the contact that the reset did not go to, an own change to the mail address',
  ),
  contact_changed: whether(
    notices.contactChanged,
    'whether a changed contact is told to the old one, or to the other where there was none',
  ),
  account_locked: whether(
    notices.accountLocked,
    'whether somebody whom wrong passwords locked out is told, by mail if there is an address',
  ),
  by_sms: whether(notices.bySms, 'whether that may go by SMS too, which cost money; false: only by mail'),
} satisfies Fields

const codeLimitsFields = {
  per_contact_per_hour: number(
    1,
    1_000,
    codes.limits.perContactPerHour,
    'codes asked for one address or number',
  ),
  per_address_per_hour: number(
    1,
    1_000_000,
    codes.limits.perAddressPerHour,
    'codes asked from one network address',
  ),
  per_user_per_day: number(1, 1_000, codes.limits.perUserPerDay, 'codes sent to one user'),
  per_tenant_per_hour: number(1, 1_000_000, codes.limits.perTenantPerHour, 'codes asked of the tenant'),
} satisfies Fields

const codesFields = {
  purposes: optional(
    list(oneOf(codePurposes), { type: `list of ${codePurposes.map((one) => `\`${one}\``).join(', ')}` }),
    { defaultText: 'all four', effect: 'what codes may be asked for', example: '[recovery, second-factor]' },
  ),
  captcha: optional(oneOf(['none', 'proof-of-work']), {
    defaultText: `\`${codes.captcha}\``,
    effect: 'what a client must show before a code is sent (`GET /api/v2/sdk/captcha`)',
    example: 'proof-of-work',
  }),
  limits: optional(object(codeLimitsFields), {
    defaultText: 'as below',
    effect: 'most codes in a time',
    example: '',
  }),
} satisfies Fields

const profileFields = {
  editable: optional(
    list(
      text({
        type: 'attribute name',
        normalise: (value) => (canBeEditable(value) ? value : undefined),
        complaint: `is nothing that people may change themselves: write name, ${ownFields.join(', ')}, or extension. and a word of your own`,
      }),
      { lengthMax: 100, type: 'list of attribute names' },
    ),
    {
      defaultText: `\`[${profile.editable.join(', ')}]\``,
      effect: 'what people may change of themselves (`POST /api/v2/sdk/profile/update`), replaced whole',
      example: '[name, attr_nick_name, extension.locker]',
    },
  ),
} satisfies Fields

export const settingsFields = {
  password_policy: optional(object(passwordPolicyFields), {
    defaultText: 'as below',
    effect: 'what a password must be',
    example: '',
  }),
  reset: optional(object(resetFields), { defaultText: 'as below', effect: 'resets', example: '' }),
  messages: optional(object(messagesFields), { defaultText: 'as below', effect: 'messages', example: '' }),
  notices: optional(object(noticesFields), {
    defaultText: 'as below',
    effect: 'what users are told without a call for it',
    example: '',
  }),
  codes: optional(object(codesFields), {
    defaultText: 'as below',
    effect: 'one-time codes by mail and SMS',
    example: '',
  }),
  profile: optional(object(profileFields), {
    defaultText: 'as below',
    effect: 'what people may do about their own record',
    example: '',
  }),
  pages: optional(object(pagesFields), {
    defaultText: 'as below',
    effect: 'the employees’ own pages',
    example: '',
  }),
  sign_in: optional(object(signInFields), { defaultText: 'as below', effect: 'signing in', example: '' }),
  retention: optional(object(retentionFields), {
    defaultText: 'as below',
    effect: 'how long rows are kept, in days',
    example: '',
  }),
  ...attributeSections,
} satisfies Fields

export type SettingsEntry = ReadObject<typeof settingsFields>
