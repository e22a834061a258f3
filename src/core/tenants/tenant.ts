import type { AttributeDefinitions } from '../attributes/attribute-definition.ts'
import type { CodePurpose } from '../codes/code-purpose.ts'

export type Language = 'en' | 'zh'
export type SendMode = 'EMAIL' | 'SMS'
/** In rising strictness (reset protocol, rule 11). */
export const oldPasswordModes = ['keep-until-used', 'keep-until-accepted', 'revoke-now'] as const
export type OldPasswordMode = (typeof oldPasswordModes)[number]

export interface PasswordPolicy {
  /** Characters, not bytes. */
  readonly lengthMin: number
  readonly lengthMax: number
  /** How many of digit, upper case, lower case, special a password must have. */
  readonly classesMin: number
  readonly history: number
  /** Of lists of common ones, or soon guessed. */
  readonly weakPasswords: 'refuse' | 'allow'
  /** Of known data breaches, as the operator's source has them. */
  readonly breachedPasswords: 'refuse' | 'allow'
  /** What becomes of a password when that source cannot be asked. */
  readonly breachedOnFailure: 'refuse' | 'allow'
  readonly userInfo: 'refuse' | 'allow'
  /** Longest run of one character; 0 = no limit. */
  readonly repeatsMax: number
  /** Before that, an employee's own change is refused; 0 = none. */
  readonly minimumAgeHours: number
  /** After that, a new one must be chosen at sign-in; 0 = none. */
  readonly maximumAgeDays: number
  /** So long before that, sign-in offers to choose a new one; 0 = it does not. */
  readonly warnDays: number
}

export interface ResetLimits {
  readonly perUserPerHour: number
  readonly perUserPerDay: number
  readonly perDestinationPerHour: number
  readonly perApplicationPerHour: number
  readonly smsPerDay: number
}

export interface ResetSettings {
  readonly sendModes: readonly SendMode[]
  readonly oldPassword: OldPasswordMode
  readonly lifetimeMinutes: Readonly<Record<SendMode, number>>
  readonly limits: ResetLimits
  /** A contact that changed less than this ago gets no reset; 0: none is too young. */
  readonly contactQuarantineHours: number
  /** The same for people with an administrative role; the longer of the two counts. */
  readonly administratorContactQuarantineHours: number
  /** Country calling codes with `+` that SMS may go to; empty: all. */
  readonly smsCountries: readonly string[]
}

export interface SignInSettings {
  readonly attemptsMax: number
  readonly lockMinutes: number
  readonly perAddressPerMinute: number
  /** Whether a right password is followed by a code. */
  readonly secondFactor: 'none' | 'code'
}

export interface CodeLimits {
  /** Wishes that name this address or number, whoever has it. */
  readonly perContactPerHour: number
  /** Wishes from one network address. */
  readonly perAddressPerHour: number
  /** Codes sent to one user. */
  readonly perUserPerDay: number
  readonly perTenantPerHour: number
}

/** One-time codes by mail and SMS. */
export interface CodeSettings {
  readonly purposes: readonly CodePurpose[]
  /** What must be shown before one is sent. */
  readonly captcha: 'none' | 'proof-of-work'
  readonly limits: CodeLimits
}

/** Days; 0: for ever. */
export interface RetentionSettings {
  readonly auditDays: number
  readonly resetsDays: number
  /** Of events that a webhook did not take. */
  readonly webhooksDays: number
}

export interface MessageSettings {
  /** Whom employees call when a message surprises them; empty: the templates' own words. */
  readonly support: string
  /** Most segments of an SMS that a template of the tenant's may come to. */
  readonly smsSegmentsMax: number
}

/** What users are told of without having asked, at a contact of theirs. */
export interface NoticeSettings {
  readonly passwordChanged: boolean
  readonly contactChanged: boolean
  readonly accountLocked: boolean
  /** False: only mail. */
  readonly bySms: boolean
}

/** What people may do about their own record. */
export interface ProfileSettings {
  /** Attributes that they may change themselves: some of the wire's, and `extension.` with a name. */
  readonly editable: readonly string[]
}

/** The employees' own pages. */
export interface PageSettings {
  /** `#14508c`. */
  readonly color: string
  /** A `data:` URL; empty: none. */
  readonly logo: string
  readonly idleMinutes: number
  readonly lifetimeHours: number
}

export interface TenantSettings {
  readonly passwordPolicy: PasswordPolicy
  readonly reset: ResetSettings
  readonly signIn: SignInSettings
  readonly retention: RetentionSettings
  readonly messages: MessageSettings
  readonly notices: NoticeSettings
  readonly attributes: AttributeDefinitions
  readonly codes: CodeSettings
  readonly profile: ProfileSettings
  readonly pages: PageSettings
}

export interface Tenant {
  readonly id: string
  readonly code: string
  readonly name: string
  /** Lower-case host names without port. */
  readonly domains: readonly string[]
  readonly language: Language
  /** IANA name; times on the wire are formatted in it. */
  readonly timeZone: string
  readonly settings: TenantSettings
}

export const defaultTenantSettings: TenantSettings = {
  passwordPolicy: {
    lengthMin: 12,
    lengthMax: 64,
    classesMin: 3,
    history: 5,
    weakPasswords: 'refuse',
    breachedPasswords: 'allow',
    breachedOnFailure: 'allow',
    userInfo: 'refuse',
    repeatsMax: 3,
    minimumAgeHours: 0,
    maximumAgeDays: 0,
    warnDays: 0,
  },
  reset: {
    sendModes: ['EMAIL', 'SMS'],
    oldPassword: 'keep-until-accepted',
    lifetimeMinutes: { EMAIL: 1_440, SMS: 60 },
    limits: {
      perUserPerHour: 5,
      perUserPerDay: 20,
      perDestinationPerHour: 5,
      perApplicationPerHour: 1_000,
      smsPerDay: 10_000,
    },
    contactQuarantineHours: 0,
    administratorContactQuarantineHours: 24,
    smsCountries: [],
  },
  signIn: { attemptsMax: 10, lockMinutes: 15, perAddressPerMinute: 600, secondFactor: 'none' },
  retention: { auditDays: 400, resetsDays: 400, webhooksDays: 30 },
  messages: { support: '', smsSegmentsMax: 4 },
  notices: { passwordChanged: true, contactChanged: true, accountLocked: true, bySms: false },
  attributes: { users: [], organizations: [] },
  // what nobody else relies on: neither a name that others see in messages, nor what the employer knows better
  profile: { editable: ['attr_nick_name', 'attr_area', 'attr_city'] },
  codes: {
    purposes: ['sign-in', 'recovery', 'password-change', 'second-factor'],
    captcha: 'proof-of-work',
    limits: {
      perContactPerHour: 5,
      perAddressPerHour: 200,
      perUserPerDay: 20,
      perTenantPerHour: 10_000,
    },
  },
  pages: { color: '#14508c', logo: '', idleMinutes: 30, lifetimeHours: 12 },
}
