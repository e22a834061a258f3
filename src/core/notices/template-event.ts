/** What a message is about. */
export const templateEvents = [
  'reset-password',
  'password-changed',
  'contact-changed',
  'account-locked',
] as const
export type TemplateEvent = (typeof templateEvents)[number]
