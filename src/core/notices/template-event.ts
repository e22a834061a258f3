/** What a message is about. */
export const templateEvents = [
  'reset-password',
  'password-changed',
  'contact-changed',
  'account-locked',
  'sign-in-code',
  'recovery-code',
  'password-change-code',
  'second-factor-code',
] as const
export type TemplateEvent = (typeof templateEvents)[number]
