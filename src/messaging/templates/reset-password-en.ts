import type { MessageTemplate } from '../template.ts'
import { ifKnown } from './if-known.ts'
import { mailTemplate } from './mail-texts.ts'
import { supportEn } from './support.ts'
import { wordsEn } from './words-en.ts'

export const resetPasswordEmailEn: MessageTemplate = mailTemplate(wordsEn, {
  title: 'Your new password',
  subject: 'Your new {{ tenant_name }} password',
  what: 'your password for {{ tenant_name }} was reset. Sign in with the one below; you will then be asked to choose a password of your own, which only you know.',
  secret: 'password',
  facts: [
    ['User name', '{{ user_name }}'],
    ['Works until', '{{ expires_at }}'],
  ],
  showsSignIn: true,
  hasNotMe: true,
  warning: { title: 'You did not expect this?', text: `Contact ${supportEn} at once.` },
  footer: ['Sent on {{ issued_at }}', 'Reference {{ reference }}'],
})

// Letters of the GSM default alphabet only. With a name of 20 characters and a page address of 31 it is one SMS; where
// it is not, the page's address is left out
export const resetPasswordSmsEn: MessageTemplate = {
  channel: 'SMS',
  subject: undefined,
  text: `{{ tenant_name }}: your new password is
{{ password }}
Works until {{ expires_at_short }}.${ifKnown('sign_in_url', ' Sign in: {{ sign_in_url }}')}
Not you? Contact ${supportEn}`,
  shorter: `{{ tenant_name }}: your new password is
{{ password }}
Works until {{ expires_at_short }}.
Not you? Contact ${supportEn}`,
  html: undefined,
}
