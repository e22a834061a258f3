import type { SendMode } from '../../core/tenants/tenant.ts'

type Sentence<P extends readonly unknown[]> = (...parts: P) => string

interface TitledText {
  readonly title: string
  readonly text: string
}

/** Every word that a page says, in one language. */
export interface Texts {
  readonly signIn: {
    readonly title: string
    readonly loginName: string
    readonly password: string
    readonly submit: string
    readonly forgot: string
    readonly deliveredHint: string
    readonly wrong: Sentence<[left: number]>
    readonly missing: string
    readonly signedOut: string
    readonly ended: string
    readonly demo: string
  }
  readonly locked: TitledText & {
    readonly wait: Sentence<[minutes: number | string, seconds: number | string]>
    readonly over: string
    readonly orReset: string
    readonly again: string
  }
  readonly expired: {
    readonly title: string
    readonly text: Sentence<[hours: number | undefined]>
    readonly nothingLost: string
    readonly bySelf: string
    readonly byDesk: Sentence<[support: string]>
    readonly deskUnknown: string
  }
  readonly disabled: TitledText & {
    readonly remedy: Sentence<[support: string]>
    readonly deskUnknown: string
  }
  readonly newPassword: {
    readonly title: string
    readonly why: string
    readonly whyExpiring: string
    /** Before it is over (WCAG 2.2, 2.2.1). */
    readonly within: Sentence<[minutes: number]>
    readonly label: string
    readonly show: string
    readonly hide: string
    readonly submit: string
    readonly rules: string
    readonly rulesLength: Sentence<[min: number, max: number]>
    readonly rulesClasses: Sentence<[classes: number]>
    readonly rulesRepeats: Sentence<[max: number]>
    readonly rulesUserInfo: string
    readonly rulesWeak: string
    readonly rulesHistory: Sentence<[count: number]>
    readonly met: string
    readonly notMet: string
    readonly good: string
    readonly saved: string
    readonly startAgain: string
  }
  readonly expires: TitledText & { readonly now: string; readonly later: string }
  readonly secondFactor: TitledText & {
    readonly byEmail: string
    readonly bySms: string
    readonly sent: string
    readonly code: string
    readonly submit: string
    readonly wrong: string
  }
  readonly forgot: TitledText & {
    readonly contact: string
    readonly submit: string
    readonly back: string
    readonly badContact: string
    readonly off: string
    readonly offRemedy: Sentence<[support: string]>
    readonly offUnknown: string
    readonly tooMany: Sentence<[seconds: number]>
  }
  readonly recover: {
    readonly title: string
    readonly sent: Sentence<[contact: string]>
    readonly code: string
    readonly submit: string
    readonly resend: string
    readonly wrong: string
    readonly done: string
  }
  readonly account: {
    readonly signedInAs: Sentence<[userName: string]>
    readonly signOut: string
    readonly password: string
    readonly passwordChanged: Sentence<[at: string]>
    readonly passwordNever: string
    readonly change: string
    readonly sessions: string
    readonly thisOne: string
    readonly unknownDevice: string
    readonly since: Sentence<[at: string]>
    readonly lastSeen: Sentence<[at: string]>
    readonly end: string
    readonly endOf: Sentence<[device: string]>
    readonly endOthers: string
    readonly ended: string
    readonly othersEnded: string
    readonly events: string
    readonly noEvents: string
    readonly notMe: string
    readonly notMeOf: Sentence<[at: string]>
    readonly language: string
    readonly languageHelp: string
    readonly save: string
    readonly languageSaved: string
    readonly passwordSaved: string
    readonly stay: string
    readonly stayButton: string
  }
  readonly changePassword: {
    readonly title: string
    readonly old: string
    readonly submit: string
    readonly cancel: string
    readonly wrongOld: Sentence<[left: number]>
  }
  readonly notMe: {
    readonly title: string
    readonly text: Sentence<[at: string, channel: SendMode]>
    readonly textChanged: Sentence<[at: string]>
    readonly effect: string
    readonly effects: readonly string[]
    readonly submit: string
    readonly cancel: string
    readonly doneTitle: string
    readonly done: string
    readonly doneNext: Sentence<[support: string]>
    readonly doneUnknown: string
    readonly goneTitle: string
    readonly gone: string
  }
  readonly problems: {
    readonly heading: string
    readonly staleForm: string
    readonly noCookies: string
    readonly tooMany: Sentence<[seconds: number]>
    readonly busy: string
  }
  readonly errors: {
    readonly notFound: TitledText
    readonly tooLarge: TitledText
    readonly broken: TitledText
    readonly unavailable: TitledText
    readonly bug: TitledText
    readonly needsHttps: TitledText
    readonly home: string
    readonly reference: Sentence<[id: string]>
  }
  readonly events: {
    readonly signedIn: string
    readonly signInFailed: string
    readonly codeFailed: string
    readonly locked: string
    readonly passwordChanged: string
    readonly passwordRecovered: string
    readonly passwordSetByOther: string
    readonly sessionEnded: string
    readonly updated: string
    readonly disabled: string
    readonly enabled: string
    readonly unlocked: string
    readonly resetRequested: Sentence<[channel: SendMode, masked: string]>
    readonly resetFailed: string
    readonly resetExpired: string
  }
  readonly layout: {
    /** The other one's own name. */
    readonly otherLanguage: string
    readonly skip: string
    readonly support: Sentence<[support: string]>
  }
}
